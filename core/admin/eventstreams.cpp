// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "admin/eventstreams.h"

#include "admin/values.h"
#include "http/syntax.h"
#include "server/vitals.h"

#include <QJsonDocument>
#include <QRandomGenerator>

#include <tuple>
#include <utility>
#include <vector>

namespace sami::admin {

using namespace Qt::StringLiterals;

namespace {

/// Room for the revisions of one run of the program; their sum with the base stays below 2^53.
constexpr int runBits = 20;

bool isSame(const account::Totals &left, const account::Totals &right)
{
    const auto values = [](const account::Totals &of) {
        return std::tie(of.connections, of.requests, of.refused, of.up, of.down, of.live,
                        of.tunnels, of.exchanges);
    };
    return values(left) == values(right);
}

/// Last-Event-ID, if it is one of ours.
quint64 lastEventOf(const http::HeaderList &fields)
{
    const QList<QByteArrayView> values = fields.values("Last-Event-ID");
    return values.size() == 1 ? http::parseDecimal(values.first()).value_or(0) : 0;
}

QByteArray statusEvent(const QJsonObject &status, const AdminCaller &caller)
{
    QJsonObject told = status;
    told[u"caller"_s] = callerObject(caller);
    return eventText("status", told);
}

} // namespace

QByteArray eventText(const char *name, const QJsonObject &data, std::optional<quint64> id)
{
    QByteArray text = QByteArray("event: ") + name + '\n';
    if (id)
        text += "id: " + QByteArray::number(*id) + '\n';
    // A single line: in JSON, line ends are always escaped.
    text += "data: " + QJsonDocument(data).toJson(QJsonDocument::Compact) + "\n\n";
    return text;
}

EventStreams::EventStreams(Observer &observer, ReadCondition condition, FindConnection find)
    : m_observer(observer), m_condition(std::move(condition)), m_find(std::move(find)),
      m_base(quint64(QRandomGenerator::system()->generate()) << runBits)
{
    m_tick.setInterval(interval);
    connect(&m_tick, &QTimer::timeout, this, &EventStreams::look);
}

EventStreams::~EventStreams() = default;

void EventStreams::add(quint64 connection, const Request &request)
{
    const quint64 last = lastEventOf(request.head.fields);
    Stream &stream = m_streams[connection];
    stream.caller = request.caller;
    stream.revision = last > m_base ? last - m_base : 0;
    if (!m_tick.isActive())
        m_tick.start();
    const QJsonObject status = statusOf(m_observer.facts(), m_condition(), m_observer.liveStatus());
    const account::Changes news = changesSince(stream.revision);
    stream.status = steadyPartOf(status);
    send(connection, stream, statusEvent(status, stream.caller) + changesEvent(news), Clock::now());
    stream.told(news);
}

void EventStreams::remove(quint64 connection)
{
    if (m_streams.erase(connection) == 0 || !m_streams.empty())
        return;
    m_tick.stop();
    m_emptySince = Clock::now();
}

void EventStreams::tidy(TimePoint now)
{
    // Until then, a client that returns gets the difference.
    if (m_streams.empty() && now - m_emptySince >= Observer::keptFor)
        m_tracker.forget();
}

void EventStreams::endRevoked(const StillCounts &stillCounts)
{
    std::vector<quint64> ending;
    for (const auto &[id, stream] : m_streams) {
        if (!stillCounts(stream.caller))
            ending.push_back(id);
    }
    for (const quint64 id : ending) {
        remove(id);
        if (AdminConnection *connection = m_find(id))
            connection->endEvents();
    }
}

void EventStreams::look()
{
    m_observer.observe(Clock::now(), [this] { tell(Clock::now()); });
}

account::Changes EventStreams::changesSince(quint64 revision)
{
    account::ChangeTracker::Answer answer = m_tracker.since(revision, m_observer.sight());
    for (const account::FinishedWork &work : m_observer.finished()) {
        if (work.number > answer.finishedBefore)
            answer.changes.finished.append(work);
    }
    if (answer.hasRefusals)
        answer.changes.refusals = m_observer.picture().refusals();
    return std::move(answer.changes);
}

bool EventStreams::Stream::isNews(const account::Changes &changes) const
{
    return changes.isWhole || !changes.rows.isEmpty() || !changes.gone.isEmpty()
        || !changes.finished.isEmpty() || changes.refusals || changes.blocks
        || changes.state != state || !isSame(changes.totals, totals);
}

void EventStreams::Stream::told(const account::Changes &changes)
{
    revision = changes.revision;
    totals = changes.totals;
    state = changes.state;
}

QByteArray EventStreams::changesEvent(const account::Changes &news) const
{
    account::Changes told = news;
    told.revision += m_base;
    return eventText("changes", changes(told), told.revision);
}

/// Makes each text once, for all streams that have the same revision.
void EventStreams::tell(TimePoint now)
{
    const QJsonObject status = statusOf(m_observer.facts(), m_condition(), m_observer.liveStatus());
    const QJsonObject steady = steadyPartOf(status);
    std::map<quint64, std::pair<account::Changes, QByteArray>> made; // by the previous revision
    for (auto &[id, stream] : m_streams) {
        const AdminConnection *connection = m_find(id);
        if (!connection || !connection->isTaken())
            continue;
        auto found = made.find(stream.revision);
        if (found == made.end()) {
            account::Changes news = changesSince(stream.revision);
            const QByteArray event = stream.isNews(news) ? changesEvent(news) : QByteArray();
            found = made.emplace(stream.revision, std::pair(std::move(news), event)).first;
        }
        QByteArray text;
        if (stream.status != steady)
            text = statusEvent(status, stream.caller);
        text += found->second.second;
        stream.status = steady;
        stream.told(found->second.first);
        if (text.isEmpty() && now - stream.toldAt >= heartbeat)
            text = ":\n\n";
        if (!text.isEmpty())
            send(id, stream, text, now);
    }
}

void EventStreams::send(quint64 id, Stream &stream, const QByteArray &text, TimePoint now)
{
    stream.toldAt = now;
    if (AdminConnection *connection = m_find(id))
        connection->sendEvents(text);
}

} // namespace sami::admin
