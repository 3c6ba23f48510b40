// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/gatekeeper.h"

#include "base/logging.h"

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

} // namespace

Gatekeeper::Gatekeeper(const policy::GuardLimits &limits,
                       const policy::Authenticator &authenticator, users::RosterPtr roster)
    : m_guard(limits), m_roster(std::move(roster))
{
    learn(authenticator);
}

Gatekeeper::GateResult Gatekeeper::admit(const policy::AccessPolicy &policy,
                                         const policy::Caller &caller,
                                         const QList<QByteArrayView> &credentials, TimePoint now)
{
    if (const Decision decision = checkCaller(policy, caller); !decision.isAllowed())
        return { decision, {} };
    const policy::Authenticator &authenticator = policy.authenticator();
    if (!authenticator.isRequired())
        return {};
    policy::Authentication given = authenticator.check(credentials);
    const std::lock_guard lock(m_mutex);
    return judge(authenticator.fingerprint(), caller.address, std::move(given), now);
}

Gatekeeper::GateResult Gatekeeper::admitPair(const policy::AccessPolicy &policy,
                                             const policy::Caller &caller,
                                             const std::optional<policy::Credentials> &pair,
                                             TimePoint now)
{
    if (const Decision decision = checkCaller(policy, caller); !decision.isAllowed())
        return { decision, {} };
    const policy::Authenticator &authenticator = policy.authenticator();
    if (!authenticator.isRequired())
        return {};
    policy::Authentication given = authenticator.checkPair(pair);
    const std::lock_guard lock(m_mutex);
    return judge(authenticator.fingerprint(), caller.address, std::move(given), now);
}

/// `fingerprint` is that of the right credentials; empty if there are several.
Gatekeeper::GateResult Gatekeeper::judge(const QByteArray &fingerprint, const QHostAddress &client,
                                         policy::Authentication given, TimePoint now)
{
    if (const Decision block = m_guard.check(client, now); !block.isAllowed()) {
        // A neighbour's guesses must not lock out a client that has signed in from this address
        // before: it still gets its 407 and then its success.
        const bool known = fingerprint.isEmpty() ? m_guard.hasSucceeded(client)
                                                 : m_guard.hasSucceeded(client, fingerprint);
        if (!known || given.refusal == Refusal::CredentialsWrong)
            return { block, {} };
        return { { given.refusal }, std::move(given.username) };
    }
    switch (given.refusal) {
    case Refusal::None:
        m_guard.recordSuccess(client, fingerprint, now);
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

Gatekeeper::Answer Gatekeeper::ask(const policy::AccessPolicy &policy,
                                   const users::RosterPtr &roster, const policy::Caller &caller,
                                   policy::GivenCredentials given, TimePoint now)
{
    if (const Decision decision = checkCaller(policy, caller); !decision.isAllowed())
        return GateResult { decision };
    const policy::Authenticator &authenticator = policy.authenticator();
    const QHostAddress &client = caller.address;
    if (given.refusal != Refusal::None) {
        const std::lock_guard lock(m_mutex);
        return judge({}, client, { given.refusal, {}, given.guess }, now);
    }

    QByteArray digest = roster->digestOf(given.pair);
    Decision block;
    {
        const std::lock_guard lock(m_mutex);
        block = m_guard.check(client, now);
        if (!block.isAllowed() && m_guard.hasSucceeded(client, digest))
            block = {};
        // Not while blocked: the time that this takes would tell a guesser that a guess was good.
        // Pairs of another list's key are never found.
        if (block.isAllowed()) {
            if (const users::UserPtr user = m_rightPairs.find(digest, now))
                return welcome(digest, client, user, now);
        }
    }
    policy::Authentication bySettings = authenticator.judge(given);
    const std::lock_guard lock(m_mutex);
    if (bySettings.isAccepted())
        return judge(authenticator.fingerprint(), client, std::move(bySettings), now);
    if (!block.isAllowed())
        return GateResult { block };
    if (roster->list().isEmpty())
        return judge({}, client, std::move(bySettings), now);
    if (m_guard.knowsGuess(client, bySettings.guess, now))
        return GateResult { { Refusal::CredentialsWrong } };
    return Question { roster, std::move(given.pair),       std::move(digest), bySettings.guess,
                      client, m_guard.hasSucceeded(client) };
}

Gatekeeper::GateResult Gatekeeper::conclude(const Question &question, const users::UserPtr &user,
                                            TimePoint now)
{
    const std::lock_guard lock(m_mutex);
    if (question.roster != m_roster) {
        return user ? GateResult { {}, user->name, user }
                    : GateResult { { Refusal::CredentialsWrong } };
    }
    if (!user)
        return judge({}, question.client, { Refusal::CredentialsWrong, {}, question.guess }, now);
    m_rightPairs.remember(question.digest, user, now);
    return welcome(question.digest, question.client, user, now);
}

/// Signs in a right pair. From a blocked address, only a client that has used the pair there before
/// is let in: a guesser must not learn that the last guess was good.
Gatekeeper::GateResult Gatekeeper::welcome(const QByteArray &digest, const QHostAddress &client,
                                           const users::UserPtr &user, TimePoint now)
{
    if (const Decision block = m_guard.check(client, now);
        !block.isAllowed() && !m_guard.hasSucceeded(client, digest))
        return { block };
    m_guard.recordSuccess(client, digest, now);
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
    if (const qsizetype lifted = m_guard.liftAll(now); lifted > 0)
        logInfo(unit, "blocks for guessing credentials are lifted", { { "clients", lifted } });
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

bool Gatekeeper::lift(const QHostAddress &client)
{
    const std::lock_guard lock(m_mutex);
    return m_guard.lift(client);
}

QList<policy::BruteForceGuard::Block> Gatekeeper::blocks(TimePoint now) const
{
    const std::lock_guard lock(m_mutex);
    return m_guard.blocks(now);
}

} // namespace sami::server
