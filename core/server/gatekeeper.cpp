// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/gatekeeper.h"

#include "base/logging.h"

namespace sami::server {

namespace {
constexpr char unit[] = "server.gatekeeper";
}

using policy::Decision;
using policy::Refusal;

Gatekeeper::Gatekeeper(const policy::GuardLimits &limits) : m_guard(limits) {}

Gatekeeper::Admission Gatekeeper::admit(const policy::AccessPolicy &policy,
                                        const QHostAddress &client,
                                        const QList<QByteArrayView> &credentials, TimePoint now)
{
    if (const Decision listed = policy.clients().check(client); !listed.isAllowed())
        return { listed, {} };
    const policy::Authenticator &authenticator = policy.authenticator();
    if (!authenticator.isRequired())
        return {};

    const policy::Authentication given = authenticator.check(credentials);
    const std::lock_guard lock(m_mutex);
    if (const Decision block = m_guard.check(client, now); !block.isAllowed()) {
        // A neighbour's guesses must not lock out whoever has been let in from here before:
        // such a client still gets its 407 and its success.
        const bool known = m_guard.hasSucceeded(client, authenticator.fingerprint());
        if (!known || given.refusal == Refusal::CredentialsWrong)
            return { block, {} };
        return { { given.refusal }, given.username };
    }
    switch (given.refusal) {
    case Refusal::None:
        m_guard.recordSuccess(client, authenticator.fingerprint(), now);
        break;
    case Refusal::CredentialsWrong:
        if (m_guard.recordFailure(client, now)) {
            logInfo(unit, "client blocked for guessing credentials",
                    { { "client", addressText(client) } });
        }
        break;
    default:
        break; // no credentials: the first half of the 407 dance
    }
    return { { given.refusal }, given.username };
}

void Gatekeeper::setLimits(const policy::GuardLimits &limits)
{
    const std::lock_guard lock(m_mutex);
    m_guard.setLimits(limits);
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
