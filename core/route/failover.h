// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "config/parents.h"
#include "route/parentrecord.h"
#include "route/parentstate.h"

#include <QByteArray>
#include <QList>

#include <chrono>
#include <memory>
#include <optional>
#include <vector>

namespace sami::route {

/// The parent to ask next, and for how long.
struct Candidate
{
    size_t parent = 0;                  ///< its index in Attempt::parents()
    std::chrono::milliseconds share {}; ///< to connect to it and get its answer
};

/// Why no parent is asked any more.
enum class NobodyLeft {
    NoneAnswers,        ///< all were asked, or the time is up
    CredentialsRefused, ///< the last one asked refused our credentials, or all had done so before
    OnlyWeaker,         ///< the others are weaker than one that could not prove its identity
    Over,               ///< the last one gave the final answer, or the fault is no parent's
};

/// One journey's way through the list. A value that Failover reads and writes. A journey that is
/// given up simply drops it.
class Attempt
{
public:
    /// The list that was in force when the attempt began.
    [[nodiscard]] const QList<config::Parent> &parents() const { return m_set->list; }
    /// The parent is dialled only from now on. Before that the journey waited for its turn, which
    /// says nothing about the parent.
    void turnCame(TimePoint now) { m_askedAt = now; }
    /// Meaningful once next() has named nobody.
    [[nodiscard]] NobodyLeft nobodyLeft() const { return m_nobodyLeft; }

private:
    friend class Failover;

    struct Set
    {
        QList<config::Parent> list;
        std::vector<quint64> ids; ///< one each: unchanged while the parent is in the settings
    };

    std::shared_ptr<const Set> m_set;
    std::vector<size_t> m_asked; ///< the last of them is being asked
    TimePoint m_askedAt {};      ///< when the last one was asked
    TimePoint m_end {};
    std::chrono::milliseconds m_timeout {};
    size_t m_destination = 0;
    NobodyLeft m_nobodyLeft = NobodyLeft::NoneAnswers;
    bool m_wantsTls = false; ///< a parent could not prove its identity
    bool m_isOver = false;   ///< a fault ended the journey
};

/// Decides which parent a journey asks, and what its failure means for later journeys. Pure; time
/// is a parameter. One per proxy, behind the mutex of ParentHealth.
///
/// **Whose fault.** A parent that cannot be reached or trusted has to rest. What it says about a
/// destination is an answer; otherwise one user's misspelt host would make every parent rest for
/// everybody.
///
///     fault         the journey        the parent
///     Unreachable   goes on            rests
///     TimedOut      goes on            rests, unless it answered others meanwhile; then stays
///     Malformed     goes on            rests
///     Overloaded    goes on            rests
///     Tls           goes on, by TLS    rests, and bars what is weaker
///     WrongPin      goes on, by TLS    rests, and bars what is weaker
///     TlsLate       goes on, by TLS    the same, unless it answered others meanwhile; then stays
///     Silent        goes on            rests if it was silent about another destination too, with
///                                      no answer in between; otherwise stays
///     Credentials   is over            is shut out
///     Destination   is over            stays
///     Ourselves     is over            stays
///     any (direct)  is over            stays: what failed there is the destination
///
/// Silent is not TimedOut, because a parent that was reached and does not answer may itself be
/// waiting for a destination, and may wait for longer than its share of our time.
///
/// ParentRecord's table says how long a parent rests and how it becomes healthy again.
///
/// **Never weaker.** An attacker on the way must not choose the next hop. After a TLS or pin fault,
/// only TLS parents follow in that journey. A handshake that is cut or unanswered is such a fault:
/// a network that censors names cuts handshakes, and clear text would show it the whole request.
/// New journeys would take the next parent in the list. So parents that are weaker than the failed
/// one (without TLS, and listed after it) are barred for them too, until the failed one is healthy
/// again: otherwise one wrong pin would send everybody's requests out in clear text.
///
/// **Order.** A journey asks each parent at most once, never one that is shut out or barred:
///
///     1. the healthy, in the order of the list
///     2. those probing with a good sign, the one that has been well longest first
///     3. the others, the one whose rest ends first
///
/// Groups 2 and 3 are asked once all before them have failed. If the proxy refused at once instead,
/// one second without a network could mean five minutes without a way out. The journey would fail
/// anyway, so one more try costs it nothing, and a success ends the rest. Nothing comes after
/// direct, which is never unhealthy.
///
/// **No flapping.** A parent regains its place in the list after three good signs and 60 s; parents
/// that are not healthy are ordered by how long they have been well. So the proxy returns to a
/// parent at most once in 60 s, but leaves a failing one at once.
///
/// **Time.** Each parent except the last gets an equal part of the remaining time: at most a third
/// of the connect timeout, and minShare if the list is long. The last one gets all that remains.
class Failover
{
public:
    /// Enough for three round trips of 300 ms and a look-up. With less, a good but distant parent
    /// would look dead.
    static constexpr std::chrono::milliseconds minShare { 2000 };

    /// Puts new settings in force. A parent that stays in the list (its name and its place may
    /// change) keeps its record. One that refused our credentials is asked again even if nothing
    /// has changed: a reload is how a person says that the parent knows them now.
    void setParents(const QList<config::Parent> &list, TimePoint now);
    /// This machine is in another network: parents that were unreachable from the old one are
    /// probed.
    void networkChanged(TimePoint now);

    /// Begins a journey with `timeout` in all. `destination` is a hash that tells destinations
    /// apart.
    [[nodiscard]] Attempt begin(std::chrono::milliseconds timeout, size_t destination,
                                TimePoint now) const;
    /// The parent to ask now; if empty, Attempt::nobodyLeft() says why. Call it once at first, and
    /// again after each failed(). A parent that has left the settings is not asked.
    [[nodiscard]] std::optional<Candidate> next(Attempt &attempt, TimePoint now) const;
    /// The parent that next() named has failed.
    void failed(Attempt &attempt, ParentFault fault, TimePoint now);
    /// The parent that next() named has succeeded. `latency` is its TCP connect time, if this
    /// journey connected to it.
    void done(Attempt &attempt, std::optional<Clock::duration> latency, TimePoint now);

    /// One check whether a parent has recovered: TCP, and for a TLS parent the handshake with its
    /// pin. Sends no request.
    struct Probe
    {
        quint64 id = 0;
        config::Parent parent;
        TimePoint began {};
    };
    /// The probes that are due; each is under way until probed() is called for it.
    [[nodiscard]] std::vector<Probe> takeDueProbes(TimePoint now);
    /// When the next probe is due; empty if none is.
    [[nodiscard]] std::optional<TimePoint> nextProbe() const;
    /// `latency` is the TCP connect time of a successful probe.
    void probed(const Probe &probe, const Result<Clock::duration, ParentFault> &latency,
                TimePoint now);

    /// The parent has shown a certificate that expires then. Decides nothing.
    void sawCertificate(const config::Parent &parent, WallTime until);

    /// The switches since the last call, in order. New settings are not a switch.
    [[nodiscard]] std::vector<Switch> takeSwitches();
    [[nodiscard]] std::vector<ParentState> states(TimePoint now) const;

private:
    struct Entry
    {
        quint64 id = 0;
        ParentRecord record {};
    };

    [[nodiscard]] Entry *find(quint64 id);
    [[nodiscard]] const Entry *find(quint64 id) const;
    [[nodiscard]] std::vector<size_t> order(const Attempt &attempt) const;
    [[nodiscard]] static bool isAsked(const Attempt &attempt, size_t place);
    [[nodiscard]] bool isBarred(const Attempt::Set &set, size_t place) const;
    [[nodiscard]] NobodyLeft whyNobody(const Attempt &attempt) const;
    [[nodiscard]] quint64 preferred() const;
    void notePreferred(const Entry &who, std::optional<ParentFault> fault);
    [[nodiscard]] QByteArray nameOf(quint64 id) const;

    std::shared_ptr<const Attempt::Set> m_set = std::make_shared<const Attempt::Set>();
    std::vector<Entry> m_entries; ///< in the order of the list
    quint64 m_lastId = 0;
    quint64 m_preferred = 0; ///< 0: none
    std::vector<Switch> m_switches;
};

} // namespace sami::route
