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

/// Decides when each TLS handshake begins. A handshake needs no password and costs a signature, a
/// hundred times what it costs the client to ask. So a client's address (IPv6: its /64) has limits,
/// all addresses take turns, and all handshakes together get a share of their worker's time. A
/// client above a limit waits and is not refused, because offices and container hosts share one
/// address. Only a little is read from it meanwhile, and the header timeout ends the wait.
///
///     an address has under way   begun within a second   its next one
///     fewer than atOnce          fewer than perSecond    begins after the other addresses' turns
///     fewer than atOnce          perSecond               waits until the second is over
///     atOnce                     -                       waits until one of them is answered
///
/// A handshake is under way while the next step is ours. Once we have answered, it is silent: it
/// costs memory but no time. A silent one does not count as under way, because then a few clients
/// that send a hello and no more would lock out all others at their address. An address may have
/// `silentAtMost` of them. When another handshake begins, the oldest silent one gives way to it,
/// whatever it has sent in between.
///
/// Pure; time is a parameter. One per worker, in its thread, so an address has these limits at each
/// worker.
class HandshakeBounds
{
public:
    static constexpr int atOnce = 64;
    /// They take some 16 MB, and leave a client more than a second to answer in the worst flood.
    static constexpr int silentAtMost = 256;
    /// A twentieth of a worker's time with a key of P-256, a fifth with RSA of 2,048 bits.
    static constexpr int perSecond = 200;

    /// How long handshakes may take in one turn of the event loop.
    static constexpr std::chrono::microseconds turn { 1'000 };
    /// How long everything else gets before the next turn of handshakes: as long as they took. So
    /// they take at most half of the time, and nothing waits for them longer than one turn and the
    /// step that overran it.
    [[nodiscard]] static Clock::duration restAfter(Clock::duration spent) { return spent; }

    /// A connection wants to begin. Once per `id`, until it ends.
    void ask(quint64 id, const QHostAddress &client, TimePoint now);
    /// The handshake that begins now, if one may; from now on it is under way.
    [[nodiscard]] std::optional<quint64> next(TimePoint now);
    /// The step is done, and the client owes the next flight.
    void stepDone(quint64 id);
    /// The client's flight has arrived.
    void flightArrived(quint64 id);
    /// A handshake that has to end in favour of newer ones; each is returned once.
    [[nodiscard]] std::optional<quint64> givesWay();
    /// When next() may return one without a further event; a time in the past means now. Empty if
    /// none waits, or if each that waits needs another of its address to end first.
    [[nodiscard]] std::optional<TimePoint> nextAt() const;
    /// Its handshake is over, or it no longer waits; harmless for one that never asked.
    void end(quint64 id);

    [[nodiscard]] qsizetype waiting() const { return m_waiting; }
    /// The number of addresses with any state.
    [[nodiscard]] qsizetype remembered() const { return m_clients.size(); }

private:
    struct Client
    {
        std::deque<quint64> waiting;
        std::map<quint64, quint64> silent; ///< ids by the order in which they began
        int underWay = 0;
        int begun = 0; ///< since `secondBegan`
        TimePoint secondBegan {};
        bool isInRound = false; ///< in m_round or in m_rated
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
    QHash<QHostAddress, Client> m_clients;          ///< by clientNetwork()
    std::deque<QHostAddress> m_round;               ///< addresses with a waiting handshake
    std::multimap<TimePoint, QHostAddress> m_rated; ///< at perSecond, by that second's end
    std::deque<quint64> m_yielding;
    quint64 m_begun = 0;
    qsizetype m_waiting = 0;
    TimePoint m_swept {};
};

} // namespace sami::door
