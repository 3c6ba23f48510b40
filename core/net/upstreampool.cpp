// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/upstreampool.h"

#include <QTimerEvent>

#include <algorithm>
#include <iterator>
#include <utility>

namespace sami::net {

size_t qHash(const UpstreamKey &key, size_t seed)
{
    return qHashMulti(seed, key.tls, key.endpoint);
}

UpstreamPool::UpstreamPool(QObject *parent, std::chrono::milliseconds lifetime)
    : QObject(parent), m_lifetime(lifetime)
{}

UpstreamPool::~UpstreamPool() = default;

StreamPtr UpstreamPool::take(const UpstreamKey &key)
{
    for (;;) {
        const auto newest = std::find_if(m_idle.rbegin(), m_idle.rend(),
                                         [&key](const Idle &idle) { return idle.key == key; });
        if (newest == m_idle.rend())
            return {};
        StreamPtr stream = std::move(newest->stream);
        m_idle.erase(std::next(newest).base());
        stream->setListener(nullptr);
        stream->setReadEnabled(false);
        // The event loop may not have told us yet of an end, or of octets nobody asked for.
        char octet = 0;
        const bool isSilent =
            stream->read(&octet, 1).status == ByteStream::ReadResult::Status::WouldBlock;
        if (stream->isOpen() && stream->end() == StreamEnd::None && isSilent)
            return stream;
    }
}

void UpstreamPool::put(const UpstreamKey &key, StreamPtr stream)
{
    if (!stream || !stream->isOpen() || stream->end() != StreamEnd::None
        || stream->pendingBytes() > 0)
        return;
    stream->setListener(this);
    stream->setReadEnabled(true);

    const auto hasKey = [&key](const Idle &idle) { return idle.key == key; };
    if (std::count_if(m_idle.begin(), m_idle.end(), hasKey) >= maxPerKey)
        m_idle.erase(std::find_if(m_idle.begin(), m_idle.end(), hasKey));
    else if (size() >= m_capacity)
        m_idle.pop_front();
    m_idle.push_back({ key, std::move(stream), Clock::now() });
    if (!m_expiry.isActive())
        armExpiry();
}

void UpstreamPool::clear()
{
    m_idle.clear();
    m_expiry.stop();
}

qsizetype UpstreamPool::size() const
{
    return static_cast<qsizetype>(m_idle.size());
}

void UpstreamPool::drop(const ByteStream &stream)
{
    m_idle.remove_if([&stream](const Idle &idle) { return idle.stream.get() == &stream; });
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

/// The oldest is in front: one timer for it serves all.
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

} // namespace sami::net
