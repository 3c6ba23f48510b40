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

#include <mutex>
#include <optional>
#include <variant>

namespace sami::server {

/// Who may speak: named client → client address → brute-force block → credentials, in that order.
/// Holds the one guard and the one memory of right pairs that all workers share; everything else it
/// asks is immutable. Thread-safe; it never hashes slowly.
///
/// Where there is a users file it takes two steps, for a password may need a slow hash. ask() says
/// what can be said at once, the first line of this table that fits:
///
///     the client                                    ask() says
///     may not come in whatever it knows             the refusal
///     gives no pair that can be read                407; while blocked 429, unless somebody has
///                                                   signed in from there before
///     is blocked, and that pair never signed in     429
///     from there
///     gives a pair that was right lately            its user
///     gives the pair of the settings                its user
///     gives a pair that was counted as wrong        407, and it counts no more
///     gives any other pair                          a question: conclude() goes on when the hash
///                                                   is made
class Gatekeeper
{
public:
    Gatekeeper(const policy::GuardLimits &limits, const policy::Authenticator &authenticator,
               users::RosterPtr roster = nullptr);

    struct Admission
    {
        policy::Decision decision;
        QByteArray user {};       ///< when admitted and asked
        users::UserPtr member {}; ///< the same, where it is one of the users file
    };

    /// `credentials` are the request's Proxy-Authorization values.
    [[nodiscard]] Admission admit(const policy::AccessPolicy &policy, const policy::Caller &caller,
                                  const QList<QByteArrayView> &credentials, TimePoint now);
    /// The same for a user name and a password that came apart from each other, or not at all.
    [[nodiscard]] Admission admitPair(const policy::AccessPolicy &policy,
                                      const policy::Caller &caller,
                                      const std::optional<policy::Credentials> &pair,
                                      TimePoint now);

    /// A pair of which only a hash can tell whether it is right.
    struct Question
    {
        users::RosterPtr roster;
        policy::Credentials pair;
        QByteArray digest; ///< of the pair, by the roster's key
        quint64 guess = 0; ///< policy::Authentication::guess
        QHostAddress client;
        bool isKnown = false; ///< somebody has signed in from there before
    };
    using Answer = std::variant<Admission, Question>;

    /// With a users file, in the place of admit(). Whoever is admitted may still be disabled: that
    /// is told to whoever knows the password.
    [[nodiscard]] Answer ask(const policy::AccessPolicy &policy, const users::RosterPtr &roster,
                             const policy::Caller &caller, policy::GivenCredentials given,
                             TimePoint now);
    /// The hash is made: `user` is whose pair it is, or null. Settings that are in force no more
    /// leave no trace: whoever has others by now asks once more.
    [[nodiscard]] Admission conclude(const Question &question, const users::UserPtr &user,
                                     TimePoint now);

    /// To be called before new settings or another list of users are published: lifts all blocks,
    /// forgets all counts, and all pairs of another list. What was right before the credentials
    /// changed last is no guess from here on, nor is what will be right, to workers that have the
    /// old ones still.
    void renew(const policy::GuardLimits &limits, const policy::Authenticator &authenticator,
               TimePoint now, users::RosterPtr roster = nullptr);
    bool lift(const QHostAddress &client);
    [[nodiscard]] QList<policy::BruteForceGuard::Block> blocks(TimePoint now) const;

private:
    // With the lock held.
    [[nodiscard]] Admission judge(const QByteArray &fingerprint, const QHostAddress &client,
                                  policy::Authentication given, TimePoint now);
    [[nodiscard]] Admission welcome(const QByteArray &digest, const QHostAddress &client,
                                    const users::UserPtr &user, TimePoint now);
    void learn(const policy::Authenticator &authenticator);

    mutable std::mutex m_mutex;
    /// Of the credentials that are right and of those that were before, Authenticator::asGuess().
    std::optional<quint64> m_current;
    std::optional<quint64> m_previous;
    policy::BruteForceGuard m_guard;
    users::RosterPtr m_roster; ///< in force; null: there is no users file
    users::RightPairs m_rightPairs;
};

} // namespace sami::server
