// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QBasicTimer>
#include <QObject>

#include <chrono>
#include <deque>

namespace sami::net {

/// Hears of its turn, from the event loop. It may leave, or be let go, in either call.
class TurnTaker
{
public:
    virtual void takeTurn() = 0;
    virtual void endRest() = 0;

protected:
    TurnTaker() = default;
    ~TurnTaker() = default;
    Q_DISABLE_COPY_MOVE(TurnTaker)
};

/// When a thread's TLS streams go on with what is inside them. A posted event would do so before
/// the event loop comes to its descriptors and timers, again and again for as long as the peer
/// sends; here everybody else has a turn in between. One for each thread, made at the first need,
/// owned by the thread's event dispatcher.
///
///     a stream asks for   it goes on
///     next()              once descriptors and timers have been looked at
///     rest()              when those who asked before have, one in each `interval`: however many
///                         such streams there are, that is all that they get together
class TlsTurns final : public QObject
{
    Q_DISABLE_COPY_MOVE(TlsTurns)

public:
    /// A stream that rests has done some 250 µs of work: an eighth of its thread's time is theirs.
    static constexpr std::chrono::milliseconds interval { 2 };

    [[nodiscard]] static TlsTurns &ofThisThread();
    ~TlsTurns() override;

    /// Once for each takeTurn().
    void next(TurnTaker &taker);
    /// Once for each endRest().
    void rest(TurnTaker &taker);
    /// Hears no more.
    void leave(TurnTaker &taker);

protected:
    void timerEvent(QTimerEvent *event) override;

private:
    explicit TlsTurns(QObject *dispatcher);

    using Line = std::deque<TurnTaker *>;
    Line m_next;
    Line m_served; ///< whose turn it is, in this turn of the event loop
    Line m_resting;
    QBasicTimer m_nextTimer;
    QBasicTimer m_restTimer;
};

} // namespace sami::net
