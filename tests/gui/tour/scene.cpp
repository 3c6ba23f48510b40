// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "scene.h"

#include "gui/control/proxycontroller.h"
#include "gui/models/traffichistory.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QThread>

#include <algorithm>
#include <array>
#include <numeric>

namespace sami::test {

using namespace std::chrono_literals;
using namespace gui;
using account::ConnectionPhase;
using account::EndedBy;
using account::EndedHow;

namespace {

constexpr unsigned long stepMs = 12;
constexpr int none = -1;

/// A live connection; times in milliseconds. What the trace has about its program comes from there.
struct Live
{
    const char *client;
    const char *user;
    const char *host;
    ConnectionPhase phase;
    quint64 up;
    quint64 down;
    qint64 age;
    qint64 sinceUp;
    qint64 sinceDown;
    qint64 firstByte;
    int program; ///< index into the trace; none: use the bytes and times here
};

constexpr std::array lives {
    Live { "192.0.2.17", "sami", "api.openai.com", ConnectionPhase::Tunnel, 0, 0, 0, 0, 0, 640, 0 },
    Live { "192.0.2.17", "sami", "api.anthropic.com", ConnectionPhase::Tunnel, 0, 0, 0, 0, 0, 910,
           1 },
    Live { "192.0.2.23", "notebook", "openrouter.ai", ConnectionPhase::Tunnel, 0, 0, 0, 0, 0, 1'820,
           2 },
    Live { "192.0.2.23", "notebook", "api.openai.com", ConnectionPhase::Tunnel, 5'200, 31'500,
           158'000, 78'000, 47'000, 430, none },
    Live { "198.51.100.8", "batch", "api.anthropic.com", ConnectionPhase::Tunnel, 0, 0, 0, 0, 0,
           720, 3 },
    Live { "198.51.100.8", "batch", "api.openai.com", ConnectionPhase::Tunnel, 0, 0, 0, 0, 0, 515,
           4 },
    Live { "198.51.100.8", "batch", "openrouter.ai", ConnectionPhase::Connecting, 0, 0, 300, 300,
           300, 0, none },
    Live { "203.0.113.40", "phone", "openrouter.ai", ConnectionPhase::Tunnel, 3'100, 19'800, 44'000,
           31'000, 12'000, 1'140, none },
};

/// Finished work; times in milliseconds.
struct Past
{
    qint64 ago;
    const char *client;
    const char *host;
    EndedBy by;
    EndedHow how;
    quint64 up;
    quint64 down;
    qint64 silence;
    qint64 duration;
    const char *reason;
    int status;
};

constexpr std::array pasts {
    Past { 1'480'000, "192.0.2.17", "api.openai.com", EndedBy::Upstream, EndedHow::Fin, 12'700,
           377'000, 3'000, 94'000, "", 200 },
    Past { 1'130'000, "198.51.100.8", "api.anthropic.com", EndedBy::Client, EndedHow::Reset, 64'000,
           1'120'000, 41'000, 312'000, "", 200 },
    Past { 845'000, "192.0.2.23", "openrouter.ai", EndedBy::Upstream, EndedHow::Reset, 4'300,
           15'000, 62'000, 66'000, "", 200 },
    Past { 610'000, "192.0.2.17", "api.anthropic.com", EndedBy::Proxy, EndedHow::TimeoutSilence,
           81'000, 240'000, 1'200'000, 1'331'000, "", 200 },
    Past { 402'000, "203.0.113.40", "api.openai.com", EndedBy::Client, EndedHow::Keepalive, 2'900,
           11'400, 118'000, 151'000, "", 200 },
    Past { 195'000, "198.51.100.8", "llm.example.net", EndedBy::Proxy, EndedHow::DialFailed, 0, 0,
           0, 140, "dns_error", 502 },
    Past { 38'000, "192.0.2.23", "api.openai.com", EndedBy::Client, EndedHow::Fin, 9'800, 143'000,
           8'000, 57'000, "", 200 },
};

struct Refused
{
    const char *client;
    const char *host;
    quint16 port;
    const char *reason;
    quint64 count;
    std::chrono::seconds ago;
};

constexpr std::array refusals {
    Refused { "203.0.113.99", "", 0, "client_not_listed", 14, 40s },
    Refused { "192.0.2.23", "nas.example", 443, "private_target", 3, 130s },
    Refused { "198.51.100.8", "mail.example.net", 25, "port_not_listed", 2, 600s },
    Refused { "192.0.2.17", "telemetry.example.org", 443, "host_not_listed", 41, 15s },
    Refused { "203.0.113.40", "", 0, "credentials_wrong", 4, 900s },
    Refused { "203.0.113.66", "", 0, "guesser_blocked", 27, 75s },
};

QList<double> numbers(const QJsonValue &value)
{
    QList<double> all;
    const QJsonArray array = value.toArray();
    for (const QJsonValue &number : array)
        all.append(number.toDouble());
    return all;
}

double sum(const QList<double> &values)
{
    return std::accumulate(values.begin(), values.end(), 0.0);
}

/// For how long nothing has passed at the end of the trace.
std::chrono::seconds quietFor(const QList<double> &values)
{
    const auto last = std::find_if(values.rbegin(), values.rend(), [](double v) { return v > 0; });
    return std::chrono::seconds(last - values.rbegin());
}

/// How long before the end the first byte passed.
std::chrono::seconds since(const QList<double> &values)
{
    const auto first = std::find_if(values.begin(), values.end(), [](double v) { return v > 0; });
    return std::chrono::seconds(values.end() - first);
}

/// The longest run of seconds without traffic in either direction.
std::chrono::seconds longestSilence(const QList<double> &up, const QList<double> &down)
{
    qsizetype longest = 0;
    qsizetype now = 0;
    for (qsizetype i = up.size() - since(up).count(); i < up.size(); ++i) {
        now = up.at(i) + down.at(i) > 0 ? 0 : now + 1;
        longest = std::max(longest, now);
    }
    return std::chrono::seconds(longest);
}

} // namespace

Scene::Scene(FakeEngine &engine) : m_engine(engine)
{
    readTrace();
    m_engine.address = { QHostAddress(QStringLiteral("192.0.2.5")), 8080 };
    fillConnections();
    fillFinished();
    fillRefusals();
    m_engine.sums.connections = 1'312;
    m_engine.sums.requests = 1'304;
    m_engine.sums.up = 48'700'000;
    m_engine.sums.down = 912'000'000;
}

QByteArray Scene::settings()
{
    return "address = 192.0.2.5\nport = 8080\nauth_username = sami\nauth_password = 7kd-Vw2p-Xr\n"
           "allowed_ips = 192.0.2.0/24,198.51.100.8\n"
           "allowed_hosts = @openai,@anthropic,@openrouter\n";
}

QList<OwnAddress> Scene::ownAddresses()
{
    return { { QStringLiteral("eth0"), QHostAddress(QStringLiteral("192.0.2.5")), 24 },
             { QStringLiteral("eth0"), QHostAddress(QStringLiteral("2001:db8::5")), 64 } };
}

void Scene::fillConnections()
{
    quint64 id = 1301;
    for (const Live &live : lives) {
        account::ConnectionSnapshot row;
        row.id = id;
        row.client = { QHostAddress(QString::fromLatin1(live.client)),
                       quint16(49'000 + 37 * id % 9000) };
        row.user = live.user;
        row.method = "CONNECT";
        row.endpoint = { live.host, 443 };
        row.target = row.endpoint.toByteArray();
        row.phase = live.phase;
        row.requests = 1;
        row.up = live.up;
        row.down = live.down;
        row.age = std::chrono::milliseconds(live.age);
        row.sinceUp = std::chrono::milliseconds(live.sinceUp);
        row.sinceDown = std::chrono::milliseconds(live.sinceDown);
        row.longestSilence =
            std::max(std::chrono::milliseconds(live.age / 9),
                     std::chrono::milliseconds(std::min(live.sinceUp, live.sinceDown)));
        row.dial = 38ms;
        if (live.program != none) {
            // The trace's totals, minus the little that play() adds for the rates.
            const Program &program = m_programs.at(live.program);
            const double before = 1.0 - double(stepMs) / 1000;
            row.up = quint64(sum(program.up) * before);
            row.down = quint64(sum(program.down) * before);
            row.sinceUp = quietFor(program.up);
            row.sinceDown = quietFor(program.down);
            row.longestSilence = longestSilence(program.up, program.down);
            row.age = since(program.up);
        }
        if (live.firstByte > 0)
            row.firstByte = std::chrono::milliseconds(live.firstByte);
        m_engine.put(row);
        ++id;
    }
}

void Scene::fillFinished()
{
    quint64 id = 1201;
    for (const Past &past : pasts) {
        account::FinishedWork work = FakeEngine::makeWork(id++, past.host);
        work.finishedAt = WallClock::now() - std::chrono::milliseconds(past.ago);
        work.client = QHostAddress(QString::fromLatin1(past.client));
        work.up = past.up;
        work.down = past.down;
        work.status = past.status;
        work.firstByte.reset();
        if (past.down > 0)
            work.firstByte = 520ms;
        work.silence = std::chrono::milliseconds(past.silence);
        work.duration = std::chrono::milliseconds(past.duration);
        work.ending.by = past.by;
        work.ending.how = past.how;
        work.ending.reason = account::Reason::ofCode(past.reason);
        m_engine.finished.append(work);
    }
}

void Scene::fillRefusals()
{
    for (const Refused &refused : refusals) {
        account::RefusalRow row =
            FakeEngine::makeRefusal(refused.client, refused.host, refused.port, refused.reason);
        row.count = refused.count;
        row.last = WallClock::now() - refused.ago;
        m_engine.refused.append(row);
    }
    m_engine.blocked = { { QHostAddress(QStringLiteral("203.0.113.66")), 498s } };
}

void Scene::readTrace()
{
    QFile file(QStringLiteral(TOUR_FOLDER "/trace.json"));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("trace.json is missing: record.mjs makes it");
    const QJsonArray programs =
        QJsonDocument::fromJson(file.readAll()).object().value(u"programs").toArray();
    for (const QJsonValue &program : programs) {
        m_programs.append({ numbers(program[u"up"]), numbers(program[u"down"]) });
        if (m_programs.constLast().up.size() != TrafficHistory::capacity
            || m_programs.constLast().down.size() != TrafficHistory::capacity)
            qFatal("trace.json has not as many seconds as the chart shows");
    }
}

void Scene::step(qsizetype second)
{
    const TimePoint now = Clock::now();
    const double seconds = std::chrono::duration<double>(now - m_last).count();
    m_last = now;
    for (std::size_t i = 0; i < lives.size(); ++i) {
        if (lives.at(i).program == none)
            continue;
        const Program &program = m_programs.at(lives.at(i).program);
        account::ConnectionSnapshot &row = m_engine.connection(1301 + i);
        row.up += quint64(qRound64(program.up.at(second) * seconds));
        row.down += quint64(qRound64(program.down.at(second) * seconds));
    }
}

void Scene::play(ProxyController &controller)
{
    m_last = Clock::now();
    controller.tick();
    // Not through the event loop: the controller's own timer would insert a real second.
    for (qsizetype second = 0; second < TrafficHistory::capacity; ++second) {
        QThread::msleep(stepMs);
        step(second);
        controller.tick();
    }
}

} // namespace sami::test
