// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "route/upstreampool.h"

#include <QTimerEvent>

#include <algorithm>
#include <iterator>
#include <utility>

namespace sami::route {

size_t qHash(const UpstreamKey &key, size_t seed)
{
    return qHashMulti(seed, key.tls, key.endpoint, key.route);
}

namespace {

bool isAboutToBeClosed(const UpstreamConnection &connection, Clock::duration idle)
{
    return connection.announcedIdle
        && idle >= *connection.announcedIdle - UpstreamPool::closingMargin;
}

} // namespace

UpstreamPool::UpstreamPool(QObject *parent, std::chrono::milliseconds lifetime)
    : QObject(parent), m_lifetime(lifetime)
{}

UpstreamPool::~UpstreamPool() = default;

UpstreamConnection UpstreamPool::take(const UpstreamKey &key)
{
    for (;;) {
        const auto newest = std::find_if(m_idle.rbegin(), m_idle.rend(), [&key](const Idle &idle) {
            return idle.connection.key == key;
        });
        if (newest == m_idle.rend())
            return {};
        UpstreamConnection connection = std::move(newest->connection);
        const TimePoint since = newest->since;
        m_idle.erase(std::next(newest).base());
        net::ByteStream *stream = connection.stream.get();
        stream->setListener(nullptr);
        stream->setReadEnabled(false);
        // An end, or octets that nobody asked for, may not have reached us through the event loop
        // yet.
        if (stream->isSilent() && !isAboutToBeClosed(connection, Clock::now() - since))
            return connection;
    }
}

void UpstreamPool::put(UpstreamConnection connection)
{
    net::ByteStream *stream = connection.stream.get();
    if (!stream || !stream->isOpen() || stream->end() != net::StreamEnd::None
        || stream->pendingBytes() > 0)
        return;
    if (connection.isBound || connection.wasMended || connection.generation != m_generation
        || isAboutToBeClosed(connection, {}))
        return;
    stream->setListener(this);
    stream->setReadEnabled(true);

    connection.isReused = true;
    const auto hasKey = [&connection](const Idle &idle) {
        return idle.connection.key == connection.key;
    };
    if (std::count_if(m_idle.begin(), m_idle.end(), hasKey) >= maxPerKey)
        m_idle.erase(std::find_if(m_idle.begin(), m_idle.end(), hasKey));
    else if (size() >= m_capacity)
        m_idle.pop_front();
    m_idle.push_back({ std::move(connection), Clock::now() });
    if (!m_expiry.isActive())
        armExpiry();
}

void UpstreamPool::clear()
{
    m_idle.clear();
    m_expiry.stop();
}

void UpstreamPool::setGeneration(quint64 generation)
{
    if (std::exchange(m_generation, generation) != generation)
        clear();
}

qsizetype UpstreamPool::size() const
{
    return static_cast<qsizetype>(m_idle.size());
}

void UpstreamPool::drop(const net::ByteStream &stream)
{
    m_idle.remove_if(
        [&stream](const Idle &idle) { return idle.connection.stream.get() == &stream; });
}

void UpstreamPool::timerEvent(QTimerEvent *event)
{
    if (event->timerId() != m_expiry.timerId()) {
        QObject::timerEvent(event);
        return;
    }
    const TimePoint now = Clock::now();
    m_idle.remove_if([now, this](const Idle &idle) { return now - idle.since >= m_lifetime; });
    armExpiry();
}

/// The oldest is in front, so one timer for it serves all.
void UpstreamPool::armExpiry()
{
    m_expiry.stop();
    if (m_idle.empty())
        return;
    const Clock::duration left = m_idle.front().since + m_lifetime - Clock::now();
    const auto milliseconds = std::chrono::ceil<std::chrono::milliseconds>(left).count();
    // Never 0: a coarse timer that is early must not spin.
    m_expiry.start(static_cast<int>(std::max<qint64>(milliseconds, 1)), this);
}

} // namespace sami::route
