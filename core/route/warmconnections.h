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

/// A worker's connections to parents on which TLS stands and nothing was asked. A journey that has
/// one saves the round trips of TCP and TLS. In the worker's thread, which owns it.
///
///     what happens                                  then
///     a journey asks for one                        it gets the oldest that lives, or none; for
///                                                   two minutes there shall be two for the next
///     one is as old as maxAge                       it is closed, another takes its place
///     one becomes readable, or ends                 it is closed: octets that came before the
///                                                   question are no answer to it; no other
///                                                   before the next journey
///     a dial fails                                  no other before the next journey
///     two minutes without a journey                 those that are left grow old and are closed
///     no room for another descriptor, capacity      there are fewer, or none
///     the parent's settings change                  it gets none of the old ones
///
/// Each is charged to ExtraDescriptors. For its memory, which is net::tlsLegCost, setCapacity()
/// answers. While no parent with TLS is used there is neither a timer nor a connection.
class WarmConnections : public QObject, private net::StreamListener
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(WarmConnections)

public:
    using Now = std::function<TimePoint()>;

    static constexpr int perParent = 2;
    static constexpr std::chrono::seconds maxAge { 20 };
    static constexpr qsizetype usualCapacity = 16; ///< of all parents together
    static constexpr std::chrono::minutes usedWithin { 2 };
    /// Nobody waits for them.
    static constexpr std::chrono::milliseconds patience { 10'000 };

    /// `extras` outlives it.
    explicit WarmConnections(net::ExtraDescriptors &extras, QObject *parent = nullptr,
                             Now now = &Clock::now);
    ~WarmConnections() override;

    /// One that lives by a look at the socket, in which nothing waits to be read; null where there
    /// is none. Nobody listens to it, and reading is not enabled.
    [[nodiscard]] net::StreamPtr take(const config::Parent &parent);
    /// New rules, or another network: all are closed. How it reaches parents from now on; none:
    /// there are no warm connections.
    void setReach(ParentReach reach);
    /// At most that many, those that are being made included.
    void setCapacity(qsizetype total) { m_capacity = total; }
    /// Those that wait.
    [[nodiscard]] qsizetype size() const { return static_cast<qsizetype>(m_waiting.size()); }
    /// Closes what is too old and begins what is lacking; the timer's, and a test's whose clock
    /// stands.
    void tend();

protected:
    void timerEvent(QTimerEvent *event) override;

private:
    /// A parent that was used.
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
        net::ExtraDescriptors::Place place;
        TimePoint since {};
    };
    struct Dialling
    {
        quint64 number = 0;
        config::Parent parent;
        net::ExtraDescriptors::Place place;
        DialPtr dial {};
    };

    // Nobody was asked anything: octets and ends are nothing good. TLS keeps its tickets to itself.
    void handleReadable(net::ByteStream &stream) override { drop(stream); }
    void handleDrained(net::ByteStream &) override {}
    void handleFailed(net::ByteStream &stream) override { drop(stream); }

    void fill(const Used &used);
    void begin(const config::Parent &parent, net::ExtraDescriptors::Place place);
    void handleReached(quint64 number, Result<ReachedParent, Fault> result);
    void drop(const net::ByteStream &stream);
    void giveUp(const config::Parent &parent);
    void armTimer();

    net::ExtraDescriptors &m_extras;
    Now m_now;
    ParentReach m_reach;
    std::list<Used> m_used;
    std::list<Waiting> m_waiting; ///< the oldest in front
    std::list<Dialling> m_dials;
    quint64 m_lastDial = 0;
    qsizetype m_capacity = usualCapacity;
    QBasicTimer m_timer;
};

} // namespace sami::route
