// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "policy/accesspolicy.h"
#include "policy/bruteforceguard.h"
#include "policy/caller.h"
#include "users/rightpairs.h"
#include "users/roster.h"

#include <QByteArray>
#include <QHostAddress>
#include <QList>
#include <QSet>

#include <mutex>
#include <optional>
#include <variant>

namespace sami::server {

/// Decides who may use the proxy: named client → client address → brute-force block → credentials,
/// in that order. Holds the guard and the memory of right pairs, which all workers share;
/// everything else it consults is immutable. Thread-safe; it never computes a slow hash.
///
/// Without a users file ask() answers at once. With one there are two steps, because a password may
/// need a slow hash. ask() gives what can be answered at once, by the first line of this table that
/// fits:
///
///     the client                                    ask() returns
///     may not use the proxy at all                  the refusal
///     sends no pair                                 407; while blocked 429, unless somebody has
///                                                   signed in from there before
///     sends a pair that cannot be read              407, and it is counted; while blocked 429
///     is blocked, and that pair never signed in     429
///     from there
///     sends a pair that was right lately            its user
///     sends the pair of the settings                its user
///     sends a pair already counted as wrong         407, and it is not counted again
///     sends any other pair                          a question: conclude() follows once it is
///                                                   hashed
class Gatekeeper
{
public:
    Gatekeeper(const policy::GuardLimits &limits, const policy::Authenticator &authenticator,
               users::RosterPtr roster = nullptr);

    struct GateResult
    {
        policy::Decision decision;
        QByteArray user {};       ///< set if admitted, and if credentials were asked for
        users::UserPtr member {}; ///< the same user, if it is in the users file
    };

    /// A pair that only a hash can judge.
    struct Question
    {
        users::RosterPtr roster;
        policy::Credentials pair;
        QByteArray digest; ///< of the pair, under the roster's key
        quint64 guess = 0; ///< of the pair, under the process's key: policy::Authentication::guess
        QHostAddress client;
        bool isKnown = false; ///< BruteForceGuard::isTrusted()
    };
    using Answer = std::variant<GateResult, Question>;

    /// Judges the client and what it gave, in whatever protocol. A null roster means that there is
    /// no users file. An admitted user may still be disabled: that is only told to a client that
    /// knows the password.
    [[nodiscard]] Answer ask(const policy::AccessPolicy &policy, const users::RosterPtr &roster,
                             const policy::Caller &caller, policy::GivenCredentials given,
                             TimePoint now);
    /// The hash is computed: `user` is the owner of the pair, or null. Call it whether or not the
    /// client still waits, so that no guess is free. If the roster has been replaced meanwhile, the
    /// result leaves no trace. A caller that has new settings by then asks again under these.
    [[nodiscard]] GateResult conclude(const Question &question, const users::UserPtr &user,
                                      TimePoint now);

    /// Call it before new settings or another users list are published. Lifts all blocks, and
    /// forgets all counts and all pairs of any other list. A success of a user that is gone,
    /// disabled or has another password no longer counts. From here on the previous credentials do
    /// not count as a guess. The new ones do not either, at workers that still have the old
    /// settings.
    void renew(const policy::GuardLimits &limits, const policy::Authenticator &authenticator,
               TimePoint now, users::RosterPtr roster = nullptr);
    bool lift(const QHostAddress &client, TimePoint now);
    [[nodiscard]] QList<policy::BruteForceGuard::Block> blocks(TimePoint now) const;

private:
    [[nodiscard]] GateResult askSettings(const policy::Authenticator &authenticator,
                                         const QHostAddress &client, policy::GivenCredentials given,
                                         TimePoint now);
    [[nodiscard]] Answer askRoster(const policy::Authenticator &authenticator,
                                   const users::RosterPtr &roster, const QHostAddress &client,
                                   policy::GivenCredentials given, TimePoint now);
    // Call these with the lock held.
    [[nodiscard]] GateResult judge(std::optional<quint64> right, const QHostAddress &client,
                                   policy::Authentication given, TimePoint now);
    [[nodiscard]] GateResult welcome(quint64 pair, const QHostAddress &client,
                                     const users::UserPtr &user, TimePoint now);
    [[nodiscard]] QSet<quint64> ownersOfSuccesses() const;
    void learn(const policy::Authenticator &authenticator);

    mutable std::mutex m_mutex;
    /// Authenticator::guessOfConfigured() of the right credentials, and of those before them.
    std::optional<quint64> m_current;
    std::optional<quint64> m_previous;
    policy::BruteForceGuard m_guard;
    users::RosterPtr m_roster; ///< in force; null if there is no users file
    users::RightPairs m_rightPairs;
};

} // namespace sami::server
