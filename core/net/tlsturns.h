// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QBasicTimer>
#include <QElapsedTimer>
#include <QObject>

#include <chrono>
#include <deque>

namespace sami::net {

/// Hears that its rest is over, from the event loop. It may be let go in that call.
class TurnTaker
{
public:
    virtual void endRest() = 0;

protected:
    TurnTaker() = default;
    ~TurnTaker() = default;
    Q_DISABLE_COPY_MOVE(TurnTaker)
};

/// When TLS streams whose peers chatter without content go on: first come, first served, one in
/// each interval, or as many as a late turn of the event loop has missed, mostAtOnce at most.
/// However many such streams a thread has, that is all that they get together. One for each thread,
/// made at the first need, owned by the thread's event dispatcher.
class TlsTurns final : public QObject
{
    Q_DISABLE_COPY_MOVE(TlsTurns)

public:
    /// A batch of a stream takes some 250 µs: an eighth of its thread's time is theirs.
    static constexpr std::chrono::milliseconds interval { 2 };
    static constexpr qint64 mostAtOnce = 4;

    [[nodiscard]] static TlsTurns &ofThisThread();
    ~TlsTurns() override;

    /// Once for each endRest().
    void rest(TurnTaker &taker);
    /// Hears no more.
    void leave(TurnTaker &taker);

protected:
    void timerEvent(QTimerEvent *event) override;

private:
    explicit TlsTurns(QObject *dispatcher);

    std::deque<TurnTaker *> m_resting;
    QBasicTimer m_timer;
    QElapsedTimer m_sinceServed;
};

} // namespace sami::net
