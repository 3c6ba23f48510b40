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

/// Who is asked next, and for how long.
struct Candidate
{
    size_t parent = 0;                  ///< its place in Attempt::parents()
    std::chrono::milliseconds share {}; ///< for reaching it and for its answer, together
};

/// Why nobody is asked any more.
enum class NobodyLeft {
    NoneAnswers,        ///< all were asked, or the time is over
    CredentialsRefused, ///< the last one asked refused our credentials, or all did so earlier
    OnlyWeaker,         ///< there are others, but somebody could not show that it is itself
    Over,               ///< the last one has given the answer, or the fault is nobody's
};

/// One journey's way through the list. A value that Failover reads and writes; the journey that is
/// given up lets it go, and nothing has to be told.
class Attempt
{
public:
    /// The list that it goes by: the one in force when it began.
    [[nodiscard]] const QList<config::Parent> &parents() const { return m_set->list; }
    /// Meaningful once next() has named nobody.
    [[nodiscard]] NobodyLeft nobodyLeft() const { return m_nobodyLeft; }

private:
    friend class Failover;

    struct Set
    {
        QList<config::Parent> list;
        std::vector<quint64> ids; ///< of each: the same one as long as it stays in the settings
    };

    std::shared_ptr<const Set> m_set;
    std::vector<size_t> m_asked; ///< the last of them is being asked
    TimePoint m_askedAt {};      ///< since then
    TimePoint m_end {};
    std::chrono::milliseconds m_timeout {};
    size_t m_destination = 0;
    NobodyLeft m_nobodyLeft = NobodyLeft::NoneAnswers;
    bool m_wantsTls = false; ///< somebody could not show that it is itself
    bool m_isOver = false;   ///< by a fault that nobody follows
};

/// Decides which parent a journey asks, and what its failure means for the journeys after it. Pure,
/// with a clock that its callers bring; one per process, behind the mutex of ParentHealth.
///
/// **Whose fault.** A parent that cannot be reached or trusted is rested; what it says of a
/// destination is an answer. Otherwise one user's misspelt host rests every parent for everybody.
///
///     fault         the journey        the parent
///     Unreachable   goes on            rests
///     TimedOut      goes on            rests
///     Malformed     goes on            rests
///     Overloaded    goes on            rests
///     Tls           goes on, by TLS    rests, and bars what is weaker
///     WrongPin      goes on, by TLS    rests, and bars what is weaker
///     Silent        goes on            rests if it was silent about another destination too, with
///                                      no answer in between; otherwise stays
///     Credentials   is over            is shut out
///     Destination   is over            stays
///     Ourselves     is over            stays
///     any of direct is over            stays: what fails there is the destination
///
/// Why Silent is not TimedOut: a parent that was reached and says nothing may be waiting for a
/// destination that does not answer, and has more patience than its share of our time.
///
/// How long a parent rests, and how it becomes healthy again, is ParentRecord's table.
///
/// **Never weaker.** Whoever sits on the way must not choose the next hop. After a TLS or pin fault
/// only TLS parents follow in that journey. A handshake that is cut or gets no answer is such a
/// fault: that is what a network does that dislikes a name, and clear text would show it the rest.
/// New journeys would take the next in the list, so what is weaker than that parent (without TLS,
/// and listed after it) is barred for them too, until that parent is healthy again: one wrong pin
/// would otherwise lead everybody out in clear text.
///
/// **Whom a journey asks**, each at most once, never who is shut out or barred:
///
///     1. the healthy, in the order of the list
///     2. the probing that have shown a good sign, the longest well first
///     3. the others, the one whose rest is over first
///
/// The second and third are asked when everybody before them has failed. To refuse at once would
/// make five minutes without a way out of a network that was gone for a second; one more try costs
/// the journey nothing that it has not lost already, and its success ends the rest. Nobody follows
/// direct, which is never unwell.
///
/// **Never flapping.** An order of the list that was left comes back after three good signs and 60
/// s; parents that are not healthy are ordered by how long they have been well, not by the list. So
/// there is one return to a parent in 60 s at most. To leave one that fails takes no time.
///
/// **Time.** Each but the last gets an equal part of what is left, a third of the connect timeout
/// at most, and minShare where the list is long. The last gets what is left.
class Failover
{
public:
    /// Three round trips of 300 ms and a look-up fit in. Below it a good parent far away would look
    /// like a dead one.
    static constexpr std::chrono::milliseconds minShare { 2000 };

    /// New settings are in force. A parent that stays in the list (its name and its place may
    /// change) keeps its record. One that refused our credentials is asked again, whatever has
    /// changed: a reload is how a person says that the parent knows them by now.
    void setParents(const QList<config::Parent> &list, TimePoint now);
    /// This machine is in another network: who could not be reached from the old one is probed.
    void networkChanged(TimePoint now);

    /// A journey of so much time begins. `destination` is a hash that tells destinations apart.
    [[nodiscard]] Attempt begin(std::chrono::milliseconds timeout, size_t destination,
                                TimePoint now) const;
    /// Whom it asks now; nobody: Attempt::nobodyLeft() says why. Once at first, and again after
    /// each failed(). Who is no longer in the settings is not asked.
    [[nodiscard]] std::optional<Candidate> next(Attempt &attempt, TimePoint now) const;
    /// The one that next() named did not lead there.
    void failed(Attempt &attempt, Fault fault, TimePoint now);
    /// The one that next() named did. `latency` is how long TCP took to reach it, where that was
    /// done for this journey.
    void done(Attempt &attempt, std::optional<Clock::duration> latency, TimePoint now);

    /// One look at a parent that has to show that it is well: TCP, and TLS with its pin where it
    /// speaks TLS. Nothing is asked.
    struct Probe
    {
        quint64 id = 0;
        config::Parent parent;
        TimePoint began {};
    };
    /// Those that are due; each is under way then until probed() tells of it.
    [[nodiscard]] std::vector<Probe> takeDueProbes(TimePoint now);
    /// When the next one is due; nothing while none is awaited.
    [[nodiscard]] std::optional<TimePoint> nextProbe() const;
    /// `latency` of a good one.
    void probed(const Probe &probe, const Result<Clock::duration, Fault> &latency, TimePoint now);

    /// It has shown a certificate that is good until then. Nothing is decided by it.
    void sawCertificate(const config::Parent &parent, WallTime until);

    /// What has changed since the last call, in its order. New settings are no switch.
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
    void notePreferred(const Entry &who, std::optional<Fault> fault);
    [[nodiscard]] QByteArray nameOf(quint64 id) const;

    std::shared_ptr<const Attempt::Set> m_set = std::make_shared<const Attempt::Set>();
    std::vector<Entry> m_entries; ///< in the order of the list
    quint64 m_lastId = 0;
    quint64 m_preferred = 0; ///< 0: nobody
    std::vector<Switch> m_switches;
};

} // namespace sami::route
