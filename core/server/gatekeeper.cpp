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

/// Whether that client may speak at all, whatever it knows.
Decision checkCaller(const policy::AccessPolicy &policy, const policy::Caller &caller)
{
    if (caller.known == policy::Caller::Known::NotAtAll)
        return { Refusal::ClientNotNamed };
    return policy.clients().check(caller);
}

} // namespace

Gatekeeper::Gatekeeper(const policy::GuardLimits &limits,
                       const policy::Authenticator &authenticator)
    : m_guard(limits)
{
    learn(authenticator);
}

Gatekeeper::Admission Gatekeeper::admit(const policy::AccessPolicy &policy,
                                        const policy::Caller &caller,
                                        const QList<QByteArrayView> &credentials, TimePoint now)
{
    if (const Decision decision = checkCaller(policy, caller); !decision.isAllowed())
        return { decision, {} };
    const policy::Authenticator &authenticator = policy.authenticator();
    if (!authenticator.isRequired())
        return {};
    return judge(authenticator, caller.address, authenticator.check(credentials), now);
}

Gatekeeper::Admission Gatekeeper::admitPair(const policy::AccessPolicy &policy,
                                            const policy::Caller &caller,
                                            const std::optional<policy::Credentials> &pair,
                                            TimePoint now)
{
    if (const Decision decision = checkCaller(policy, caller); !decision.isAllowed())
        return { decision, {} };
    const policy::Authenticator &authenticator = policy.authenticator();
    if (!authenticator.isRequired())
        return {};
    return judge(authenticator, caller.address, authenticator.checkPair(pair), now);
}

Gatekeeper::Admission Gatekeeper::judge(const policy::Authenticator &authenticator,
                                        const QHostAddress &client, policy::Authentication given,
                                        TimePoint now)
{
    const std::lock_guard lock(m_mutex);
    if (const Decision block = m_guard.check(client, now); !block.isAllowed()) {
        // A neighbour's guesses must not lock out whoever has been let in from here before:
        // such a client still gets its 407 and its success.
        const bool known = m_guard.hasSucceeded(client, authenticator.fingerprint());
        if (!known || given.refusal == Refusal::CredentialsWrong)
            return { block, {} };
        return { { given.refusal }, std::move(given.username) };
    }
    switch (given.refusal) {
    case Refusal::None:
        m_guard.recordSuccess(client, authenticator.fingerprint(), now);
        break;
    case Refusal::CredentialsWrong:
        // A client that nobody has told of the change guesses nothing.
        if (given.guess == m_current || given.guess == m_previous)
            break;
        if (m_guard.recordFailure(client, given.guess, now)) {
            logInfo(unit, "client blocked for guessing credentials",
                    { { "client", addressText(client) } });
        }
        break;
    default:
        break; // no credentials: the first half of the 407 dance
    }
    return { { given.refusal }, std::move(given.username) };
}

void Gatekeeper::renew(const policy::GuardLimits &limits,
                       const policy::Authenticator &authenticator, TimePoint now)
{
    const std::lock_guard lock(m_mutex);
    m_guard.setLimits(limits);
    learn(authenticator);
    if (const qsizetype lifted = m_guard.liftAll(now); lifted > 0)
        logInfo(unit, "blocks for guessing credentials are lifted", { { "clients", lifted } });
}

/// While nobody is asked, what was right last is kept: it may be so again.
void Gatekeeper::learn(const policy::Authenticator &authenticator)
{
    const std::optional<quint64> right = authenticator.asGuess();
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
