// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QBasicTimer>
#include <QElapsedTimer>
#include <QObject>

#include <chrono>
#include <deque>

namespace sami::net {

/// A TLS stream that rests. endRest() is called from the event loop, and may release the stream.
class ThrottledStream
{
public:
    virtual void endRest() = 0;

protected:
    ThrottledStream() = default;
    ~ThrottledStream() = default;
    Q_DISABLE_COPY_MOVE(ThrottledStream)
};

/// Schedules TLS streams whose peers send messages without content: first come, first served, one
/// per interval. A late event loop makes up for the intervals that it missed, up to mostAtOnce. So
/// all such streams of a thread together get a fixed share of its time. One per thread, made on
/// first use, owned by the thread's event dispatcher.
class TlsThrottle final : public QObject
{
    Q_DISABLE_COPY_MOVE(TlsThrottle)

public:
    /// A stream's batch takes some 250 µs, so these streams get an eighth of their thread's time.
    static constexpr std::chrono::milliseconds interval { 2 };
    static constexpr qint64 mostAtOnce = 4;

    [[nodiscard]] static TlsThrottle &ofThisThread();
    ~TlsThrottle() override;

    /// Queues one endRest().
    void rest(ThrottledStream &stream);
    /// Cancels it.
    void leave(ThrottledStream &stream);

protected:
    void timerEvent(QTimerEvent *event) override;

private:
    explicit TlsThrottle(QObject *dispatcher);

    std::deque<ThrottledStream *> m_resting;
    QBasicTimer m_timer;
    QElapsedTimer m_sinceServed;
};

} // namespace sami::net
