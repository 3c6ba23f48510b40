// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "config/parents.h"
#include "net/bytestream.h"
#include "net/extradescriptors.h"
#include "route/parentreach.h"

#include <QBasicTimer>
#include <QObject>

#include <chrono>
#include <functional>
#include <list>

namespace sami::route {

/// A worker's spare connections to parents: TLS stands, and no request was sent. They save a
/// journey the round trips of TCP and TLS. Owned by the worker, in its thread.
///
///     what happens                                  then
///     a journey asks for one                        it gets the oldest live one, or none; for the
///                                                   next two minutes, two are kept ready
///     one reaches maxAge                            it is closed, and another takes its place
///     one becomes readable, or ends                 it is closed: octets before a request are no
///                                                   answer; no new one before the next journey
///     a dial fails                                  no new one before the next journey
///     two minutes without a journey                 the remaining ones grow old and are closed
///     no room for another descriptor, capacity      there are fewer, or none
///     the parent's settings change                  the old ones are never used again
///
/// Each is charged to ExtraDescriptors; setCapacity() bounds their memory, net::tlsLegCost each.
/// While no TLS parent is in use, there is neither a timer nor a connection.
class WarmConnections : public QObject, private net::StreamListener
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(WarmConnections)

public:
    using Now = std::function<TimePoint()>;

    static constexpr int perParent = 2;
    static constexpr std::chrono::seconds maxAge { 20 };
    static constexpr qsizetype usualCapacity = 16; ///< for all parents together
    static constexpr std::chrono::minutes usedWithin { 2 };
    /// Generous: nobody waits for these dials.
    static constexpr std::chrono::milliseconds patience { 10'000 };

    /// `extras` must outlive it.
    explicit WarmConnections(net::ExtraDescriptors &extras, QObject *parent = nullptr,
                             Now now = &Clock::now);
    ~WarmConnections() override;

    /// A connection whose socket is alive and has nothing to read; null if there is none. It has no
    /// listener, and reading is not enabled.
    [[nodiscard]] net::StreamPtr take(const config::Parent &parent);
    /// New rules, or another network: closes all connections. `reach` connects to parents from now
    /// on; if empty, there are no warm connections.
    void setReach(ParentReach reach);
    /// The limit, including connections being dialled.
    void setCapacity(qsizetype total) { m_capacity = total; }
    /// The connections that wait for use.
    [[nodiscard]] qsizetype size() const { return static_cast<qsizetype>(m_waiting.size()); }
    /// Closes what is too old and dials what is missing. Called by the timer, and by tests with a
    /// clock that stands still.
    void tend();

protected:
    void timerEvent(QTimerEvent *event) override;

private:
    /// A parent in use.
    struct Used
    {
        config::Parent parent;
        TimePoint last {};
        bool isGivenUp = false; ///< until it is used again
    };
    struct Waiting
    {
        config::Parent parent;
        net::StreamPtr stream;
        net::ExtraDescriptors::Slot place;
        TimePoint since {};
    };
    struct WarmDial
    {
        quint64 number = 0;
        config::Parent parent;
        net::ExtraDescriptors::Slot place;
        DialPtr dial {};
    };

    // No request was sent, so octets or an end make it useless. TLS handles its tickets itself.
    void handleReadable(net::ByteStream &stream) override { drop(stream); }
    void handleDrained(net::ByteStream &) override {}
    void handleFailed(net::ByteStream &stream) override { drop(stream); }

    void fill(const Used &used);
    void begin(const config::Parent &parent, net::ExtraDescriptors::Slot place);
    void handleReached(quint64 number, Result<ReachedParent, ParentFault> result);
    void drop(const net::ByteStream &stream);
    void giveUp(const config::Parent &parent);
    void armTimer();

    net::ExtraDescriptors &m_extras;
    Now m_now;
    ParentReach m_reach;
    std::list<Used> m_used;
    std::list<Waiting> m_waiting; ///< the oldest in front
    std::list<WarmDial> m_dials;
    quint64 m_lastDial = 0;
    qsizetype m_capacity = usualCapacity;
    QBasicTimer m_timer;
};

} // namespace sami::route
