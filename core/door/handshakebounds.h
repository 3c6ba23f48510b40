// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "base/endpoint.h"

#include <QHash>
#include <QHostAddress>

#include <chrono>
#include <deque>
#include <map>
#include <optional>

namespace sami::door {

/// Whose TLS handshake begins when. A handshake takes no password and costs a signature, a hundred
/// times what the client pays for asking; so a client's address (IPv6: its /64) has bounds, all
/// addresses take turns, and all handshakes together have a share of their worker's time. Whoever
/// is above a bound waits, and is not refused: offices and container hosts are one address too.
/// Little is read of him meanwhile, and the header timeout ends it, or his own end.
///
///     an address has under way   began within a second   its next one
///     fewer than atOnce          fewer than perSecond    begins, when the others had their turn
///     fewer than atOnce          perSecond               waits until a second has gone by
///     atOnce                     -                       waits for one of them to be answered
///
/// Under way is a handshake whose step is ours. One that we have answered is silent: it costs
/// memory and no time, and holds nobody up, or a few that say a hello and no more would shut out
/// whoever shares their address. An address has `silentAtMost` of them; when one begins beyond
/// that, the one that began first gives way to it, whatever it has said in between.
///
/// Pure, with time as a parameter; one for each worker, in its thread. So an address has these
/// bounds at each worker.
class HandshakeBounds
{
public:
    static constexpr int atOnce = 64;
    /// Together some 16 MB, and more than a second for an answer in the midst of the worst flood.
    static constexpr int silentAtMost = 256;
    /// A twentieth of a worker's time with a key of P-256, a fifth with RSA of 2,048 bits.
    static constexpr int perSecond = 200;

    /// Handshakes get that much of a turn of the event loop, …
    static constexpr std::chrono::microseconds turn { 1'000 };
    /// … and then as long goes to all else before their next one: half of the time is theirs at
    /// most, and nobody waits for them longer than one turn and the step that was over it.
    [[nodiscard]] static Clock::duration restAfter(Clock::duration spent) { return spent; }

    /// A connection wants to begin. Once for each `id`, until it ends.
    void ask(quint64 id, const QHostAddress &client, TimePoint now);
    /// Who begins now, if anybody may; it is under way then.
    [[nodiscard]] std::optional<quint64> next(TimePoint now);
    /// That step is done, and the client owes the next flight.
    void answered(quint64 id);
    /// It has come.
    void heard(quint64 id);
    /// Whose handshake is over because of those that began since; each is named once.
    [[nodiscard]] std::optional<quint64> givesWay();
    /// When next() may have somebody though nothing else happens, at once where that is past; none
    /// while nobody waits, or all who do wait for one of their own to end.
    [[nodiscard]] std::optional<TimePoint> nextAt() const;
    /// Its handshake is over, or it waits no more; for one that never asked too.
    void end(quint64 id);

    [[nodiscard]] qsizetype waiting() const { return m_waiting; }
    /// Addresses of which anything is kept.
    [[nodiscard]] qsizetype remembered() const { return m_clients.size(); }

private:
    struct Client
    {
        std::deque<quint64> waiting;
        std::map<quint64, quint64> silent; ///< ids by the order in which they began
        int underWay = 0;
        int begun = 0; ///< since `secondBegan`
        TimePoint secondBegan {};
        bool isInRound = false; ///< or among the rated
    };
    struct Entry
    {
        QHostAddress client;
        bool isUnderWay = false;
        quint64 begunAs = 0; ///< 0: has not begun
    };

    void enterRound(Client &client, const QHostAddress &key);
    void forgetIdle(TimePoint now);

    QHash<quint64, Entry> m_entries;
    QHash<QHostAddress, Client> m_clients; ///< by clientNetwork()
    std::deque<QHostAddress> m_round;      ///< those of whom somebody waits and may perhaps begin
    std::multimap<TimePoint, QHostAddress> m_rated; ///< those whose second is to go by until then
    std::deque<quint64> m_yielding;
    quint64 m_begun = 0;
    qsizetype m_waiting = 0;
    TimePoint m_swept {};
};

} // namespace sami::door
