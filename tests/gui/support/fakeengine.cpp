// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "fakeengine.h"

#include <algorithm>
#include <utility>

namespace sami::gui {

using namespace std::chrono_literals;

namespace {

constexpr std::array hosts { "api.example.com", "llm.example.net", "models.example.org",
                             "chat.example.com", "files.example.net" };

} // namespace

account::ConnectionSnapshot FakeEngine::makeConnection(quint64 id)
{
    account::ConnectionSnapshot row;
    row.id = id;
    // RFC 5737, and beyond.
    row.client = { QHostAddress(quint32(0xc0000200u + id % 200)), quint16(1024 + id % 60000) };
    row.user = id % 3 == 0 ? "alice" : "bob";
    row.method = id % 4 == 0 ? "GET" : "CONNECT";
    row.endpoint = { hosts.at(id % hosts.size()), 443 };
    row.target = row.endpoint.toByteArray();
    row.phase = account::ConnectionPhase::Tunnel;
    row.requests = 1;
    row.up = 1000 + id;
    row.down = 5000 + 3 * id;
    row.age = 10s;
    row.connectedAt = WallClock::now() - 10s;
    row.sinceUp = 9s;
    row.sinceDown = 100ms;
    row.longestSilence = std::chrono::seconds(id % 40);
    row.dial = 20ms;
    row.firstByte = std::chrono::milliseconds(100 + id % 900);
    return row;
}

account::FinishedWork FakeEngine::makeWork(quint64 id, const QByteArray &host)
{
    account::FinishedWork work;
    work.id = id;
    work.finishedAt = WallTime(1'790'000'000s + std::chrono::seconds(id));
    work.client = QHostAddress(quint32(0xc0000200u + id % 200));
    work.method = "CONNECT";
    work.endpoint = { host, 443 };
    work.target = work.endpoint.toByteArray();
    work.status = 200;
    work.up = 100 * id;
    work.down = 1000 * id;
    work.firstByte = 100ms;
    work.silence = 2s;
    work.duration = std::chrono::seconds(id);
    work.beganAt = work.finishedAt - work.duration;
    work.ending.by = account::EndedBy::Upstream;
    work.ending.how = account::EndedHow::Fin;
    return work;
}

account::RefusalRow FakeEngine::makeRefusal(const char *client, const QByteArray &host,
                                            quint16 port, const QByteArray &reason)
{
    account::RefusalRow row;
    row.client = QHostAddress(QString::fromLatin1(client));
    row.destination = { host, port };
    row.reason = account::Reason::ofCode(reason).refusal();
    row.count = 1;
    row.last = WallTime(1'790'000'000s);
    return row;
}

void FakeEngine::addConnections(int count)
{
    for (int i = 0; i < count; ++i)
        connections.append(makeConnection(m_nextId++));
    sums.connections += quint64(count);
}

void FakeEngine::end(quint64 id)
{
    connections.removeIf([id](const auto &row) { return row.id == id; });
}

void FakeEngine::put(const account::ConnectionSnapshot &row)
{
    end(row.id);
    connections.insert(std::find_if(connections.begin(), connections.end(),
                                    [&](const auto &other) { return other.id > row.id; }),
                       row);
}

account::ConnectionSnapshot &FakeEngine::connection(quint64 id)
{
    const auto found = std::find_if(connections.begin(), connections.end(),
                                    [id](const auto &row) { return row.id == id; });
    Q_ASSERT(found != connections.end());
    return *found;
}

void FakeEngine::churn(int percent)
{
    ageAll(1s);
    const auto before = connections.size();
    connections.removeIf([this, percent](const auto &) { return int(m_dice() % 100) < percent; });
    for (auto &row : connections) {
        if (m_dice() % 2 == 0)
            continue;
        row.down += m_dice() % 100'000;
        row.sinceDown = 10ms;
    }
    addConnections(int(before - connections.size()));
}

void FakeEngine::ageAll(std::chrono::milliseconds by)
{
    m_now += by;
    for (auto &row : connections) {
        row.age += by;
        row.sinceUp += by;
        row.sinceDown += by;
    }
}

void FakeEngine::start(const config::Settings &settings, QObject *context, Answer answer)
{
    if (!startError.isEmpty()) {
        answerInTime(Unexpected(startError), context, std::move(answer));
        return;
    }
    if (!running)
        finished.clear();
    running = true;
    ++starts;
    m_effective.settings = settings;
    answerInTime(*effective(), context, std::move(answer));
}

void FakeEngine::apply(const config::Settings &settings, QObject *context, Answer answer)
{
    const QString error = running ? applyError : QStringLiteral("the proxy is not running");
    if (!error.isEmpty()) {
        answerInTime(Unexpected(error), context, std::move(answer));
        return;
    }
    applied.append(settings);
    m_effective.settings = settings;
    if (whileApplying)
        whileApplying();
    answerInTime(m_effective, context, std::move(answer));
}

void FakeEngine::answerInTime(const Outcome &outcome, QObject *context, Answer answer)
{
    if (!holdsAnswers) {
        answerLater(context, std::move(answer), outcome);
        return;
    }
    m_held.append([this, outcome, context = QPointer(context), answer = std::move(answer)] {
        if (context)
            answerLater(context, answer, outcome);
    });
}

void FakeEngine::release()
{
    const auto held = std::exchange(m_held, {});
    for (const auto &give : held)
        give();
}

const server::Effective *FakeEngine::effective() const
{
    m_effective.listening = address;
    return running ? &m_effective : nullptr;
}

void FakeEngine::drain(std::optional<std::chrono::milliseconds>)
{
    // Streams run until the script ends them.
    if (connections.isEmpty())
        stop();
}

void FakeEngine::stop()
{
    running = false;
    m_changes.forget();
    connections.clear();
    refused.clear();
    sums = {};
    m_nextId = 1;
    QMetaObject::invokeMethod(this, &Engine::stopped, Qt::QueuedConnection);
}

account::Snapshot FakeEngine::snapshot() const
{
    ++snapshotsTaken;
    return { totals(), connections };
}

account::Totals FakeEngine::totals() const
{
    account::Totals totals = sums;
    totals.live = quint32(connections.size());
    totals.tunnels = totals.live;
    for (const auto &row : connections) {
        totals.up += row.up;
        totals.down += row.down;
    }
    return totals;
}

QList<account::FinishedWork> FakeEngine::finishedWork() const
{
    ++finishedReads;
    return finished;
}

QList<account::RefusalRow> FakeEngine::refusals() const
{
    ++refusalReads;
    return refused;
}

void FakeEngine::since(quint64 revision, QObject *context,
                       std::function<void(const account::Changes &)> answer)
{
    account::ChangeTracker::Sight sight;
    sight.state = running ? account::RunState::Running : account::RunState::Stopped;
    sight.snapshot = snapshot();
    sight.now = m_now;
    sight.finished = quint64(finished.size());
    sight.refusals = quint64(refused.size());
    sight.blocks = blocked;
    auto found = m_changes.since(revision, std::move(sight));
    found.changes.finished = finished.mid(qsizetype(found.finishedBefore));
    if (found.hasRefusals)
        found.changes.refusals = refusals();
    answerLater(context, std::move(answer), std::move(found.changes));
}

void FakeEngine::liftBlock(const QHostAddress &client, QObject *context,
                           std::function<void(bool)> answer)
{
    lifted.append(client);
    const auto gone = blocked.removeIf([&](const auto &row) { return row.address == client; });
    answerLater(context, std::move(answer), gone > 0);
}

} // namespace sami::gui
