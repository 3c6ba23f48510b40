// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/gatekeeper.h"

#include "base/logging.h"

#include <QHashFunctions>

#include <utility>

namespace sami::server {

using policy::Decision;
using policy::Refusal;

namespace {

constexpr char unit[] = "server.gatekeeper";

/// Whether the client may use the proxy at all, whatever credentials it has.
Decision checkCaller(const policy::AccessPolicy &policy, const policy::Caller &caller)
{
    if (caller.known == policy::Caller::Known::NotAtAll)
        return { Refusal::ClientUnknown };
    return policy.clients().check(caller);
}

/// Identifies a user's successes, until the password changes. Only the author of the users file
/// could give two users the same number.
quint64 ownerOf(const users::User &user)
{
    return qHashMulti(QHashSeed::globalSeed(), user.name, user.hash.text());
}

} // namespace

Gatekeeper::Gatekeeper(const policy::GuardLimits &limits,
                       const policy::Authenticator &authenticator, users::RosterPtr roster)
    : m_guard(limits), m_roster(std::move(roster))
{
    learn(authenticator);
}

Gatekeeper::Answer Gatekeeper::ask(const policy::AccessPolicy &policy,
                                   const users::RosterPtr &roster, const policy::Caller &caller,
                                   policy::GivenCredentials given, TimePoint now)
{
    if (const Decision decision = checkCaller(policy, caller); !decision.isAllowed())
        return GateResult { decision };
    return roster ? askRoster(policy.authenticator(), roster, caller.address, std::move(given), now)
                  : askSettings(policy.authenticator(), caller.address, std::move(given), now);
}

Gatekeeper::GateResult Gatekeeper::askSettings(const policy::Authenticator &authenticator,
                                               const QHostAddress &client,
                                               policy::GivenCredentials given, TimePoint now)
{
    if (!authenticator.isRequired())
        return {};
    policy::Authentication judged = authenticator.check(std::move(given));
    const std::lock_guard lock(m_mutex);
    return judge(authenticator.guessOfConfigured(), client, std::move(judged), now);
}

/// `right` is the fingerprint of the right credentials; none if there are several.
Gatekeeper::GateResult Gatekeeper::judge(std::optional<quint64> right, const QHostAddress &client,
                                         policy::Authentication given, TimePoint now)
{
    if (const Decision block = m_guard.check(client, now); !block.isAllowed()) {
        // A neighbour's guesses must not lock out a client that has signed in from this address
        // before: it still gets its 407 and then its success.
        const bool known =
            right ? m_guard.hasSucceeded(client, *right) : m_guard.hasSucceeded(client);
        if (!known || given.refusal == Refusal::CredentialsWrong)
            return { block, {} };
        return { { given.refusal }, std::move(given.username) };
    }
    switch (given.refusal) {
    case Refusal::None:
        if (right)
            m_guard.recordSuccess(client, *right, now, *right);
        break;
    case Refusal::CredentialsWrong:
        // A client that does not know of the change yet is not guessing.
        if (given.guess == m_current || given.guess == m_previous)
            break;
        if (m_guard.recordFailure(client, given.guess, now)) {
            logInfo(unit, "client blocked for guessing credentials",
                    { { "client", addressText(client) } });
        }
        break;
    default:
        break; // no credentials: the usual first request before a 407
    }
    return { { given.refusal }, std::move(given.username) };
}

// --- with a users file ---

Gatekeeper::Answer Gatekeeper::askRoster(const policy::Authenticator &authenticator,
                                         const users::RosterPtr &roster, const QHostAddress &client,
                                         policy::GivenCredentials given, TimePoint now)
{
    if (given.refusal != Refusal::None) {
        const std::lock_guard lock(m_mutex);
        return judge(std::nullopt, client, { given.refusal, {}, given.guess }, now);
    }

    QByteArray digest = roster->digestOf(given.pair);
    policy::Authentication bySettings = authenticator.judge(given);
    const std::optional<quint64> configured = authenticator.guessOfConfigured();
    const quint64 pair = bySettings.isAccepted() ? configured.value_or(0) : bySettings.guess;
    const std::lock_guard lock(m_mutex);
    const Decision block = m_guard.check(client, now);
    const bool isHeard = block.isAllowed() || m_guard.hasSucceeded(client, pair);
    // Not while blocked: the time that this takes would reveal a good guess. A pair remembered
    // under another list's key is never found.
    if (isHeard) {
        if (const users::UserPtr user = m_rightPairs.find(digest, now))
            return welcome(pair, client, user, now);
    }
    if (bySettings.isAccepted())
        return judge(configured, client, std::move(bySettings), now);
    if (!isHeard)
        return GateResult { block };
    if (roster->list().isEmpty())
        return judge(std::nullopt, client, std::move(bySettings), now);
    if (m_guard.knowsGuess(client, pair, now))
        return GateResult { { Refusal::CredentialsWrong } };
    return Question { roster, std::move(given.pair),         std::move(digest), pair,
                      client, m_guard.isTrusted(client, now) };
}

Gatekeeper::GateResult Gatekeeper::conclude(const Question &question, const users::UserPtr &user,
                                            TimePoint now)
{
    const std::lock_guard lock(m_mutex);
    if (question.roster != m_roster) {
        return user ? GateResult { {}, user->name, user }
                    : GateResult { { Refusal::CredentialsWrong } };
    }
    if (!user) {
        return judge(std::nullopt, question.client,
                     { Refusal::CredentialsWrong, {}, question.guess }, now);
    }
    m_rightPairs.remember(question.digest, user, now);
    return welcome(question.guess, question.client, user, now);
}

/// Signs in a right pair. From a blocked address, only a client that has used the pair there before
/// is let in: a guesser must not learn that the last guess was good.
Gatekeeper::GateResult Gatekeeper::welcome(quint64 pair, const QHostAddress &client,
                                           const users::UserPtr &user, TimePoint now)
{
    if (const Decision block = m_guard.check(client, now);
        !block.isAllowed() && !m_guard.hasSucceeded(client, pair))
        return { block };
    if (!user->isDisabled)
        m_guard.recordSuccess(client, pair, now, ownerOf(*user));
    return { {}, user->name, user };
}

void Gatekeeper::renew(const policy::GuardLimits &limits,
                       const policy::Authenticator &authenticator, TimePoint now,
                       users::RosterPtr roster)
{
    const std::lock_guard lock(m_mutex);
    m_guard.setLimits(limits);
    learn(authenticator);
    if (roster != m_roster) {
        m_roster = std::move(roster);
        m_rightPairs.clear();
    }
    m_guard.keepSuccessesOf(ownersOfSuccesses());
    if (const qsizetype lifted = m_guard.liftAll(now); lifted > 0)
        logInfo(unit, "blocks for guessing credentials are lifted", { { "clients", lifted } });
}

/// The settings' credentials count until they have changed twice, because a worker may lag.
QSet<quint64> Gatekeeper::ownersOfSuccesses() const
{
    QSet<quint64> owners;
    for (const auto &settings : { m_current, m_previous }) {
        if (settings)
            owners.insert(*settings);
    }
    if (!m_roster)
        return owners;
    for (const users::UserPtr &user : m_roster->list().users()) {
        if (!user->isDisabled)
            owners.insert(ownerOf(*user));
    }
    return owners;
}

/// If the settings have no credentials, the last right ones are kept: they may come back.
void Gatekeeper::learn(const policy::Authenticator &authenticator)
{
    const std::optional<quint64> right = authenticator.guessOfConfigured();
    if (!right || right == m_current)
        return;
    m_previous = m_current;
    m_current = right;
}

bool Gatekeeper::lift(const QHostAddress &client, TimePoint now)
{
    const std::lock_guard lock(m_mutex);
    return m_guard.lift(client, now);
}

QList<policy::BruteForceGuard::Block> Gatekeeper::blocks(TimePoint now) const
{
    const std::lock_guard lock(m_mutex);
    return m_guard.blocks(now);
}

} // namespace sami::server
