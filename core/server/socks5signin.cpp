// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// How the SOCKS5 front authenticates its client, and what it does while that takes time. The rest
// is in socks5front.cpp.
#include "base/heapcost.h"
#include "server/signin.h"
#include "server/socks5front.h"
#include "socks/writing.h"

#include <utility>

namespace sami::server {

/// Returns false for a client that may not use the proxy with any credentials.
bool Socks5Front::areCredentialsAsked() const
{
    const policy::AccessPolicy &policy = m_leg.active->policy;
    return (policy.authenticator().isRequired() || m_leg.active->users)
        && m_leg.place.crowding() == Crowding::None
        && policy.clients().check(m_leg.record->caller()).isAllowed();
}

/// Returns a step if the gatekeeper does not admit the client, or not yet.
std::optional<Step> Socks5Front::passGate()
{
    Gatekeeper::Answer answer = m_leg.context.shared->gatekeeper->ask(
        m_leg.active->policy, m_leg.active->users, m_leg.record->caller(),
        policy::readCredentials(m_given), Clock::now());
    if (auto *question = std::get_if<Gatekeeper::Question>(&answer))
        return beginSignIn(std::move(*question));
    const auto denial = applyGateResult(std::get<Gatekeeper::GateResult>(std::move(answer)));
    return denial ? std::optional(refuse(*denial)) : std::nullopt;
}

std::optional<Denial> Socks5Front::applyGateResult(Gatekeeper::GateResult gate)
{
    if (!gate.decision.isAllowed())
        return denialOf(gate.decision);
    if (auto denial = denialOfUser(gate.member)) {
        m_leg.postMortem.setUser(std::move(gate.user));
        return denial;
    }
    m_user = std::move(gate.user);
    m_member = std::move(gate.member);
    m_passedBy = m_leg.active;
    return std::nullopt;
}

// --- SignIn, SecondSignIn ---

std::optional<Step> Socks5Front::beginSignIn(Gatekeeper::Question question)
{
    const qsizetype held = qsizetype(sizeof *this) + heapCost(m_destination.host);
    // This fits into the free part, so it is never refused. The call also counts the read-ahead.
    static_cast<void>(m_leg.chargeInput(held));
    m_signIn = SignIn::begin(std::move(question), m_leg, true, held);
    if (!m_signIn)
        return refuse(denialOfFullSignIn());
    enter(m_state == State::Authentication ? State::SignIn : State::SecondSignIn);
    return step::Stay {};
}

Step Socks5Front::signingIn(FrontEvent event)
{
    SignIn::Outcome outcome = m_signIn->handle(event);
    if (std::holds_alternative<account::Ending>(outcome))
        return drop();
    if (const auto *denial = std::get_if<Denial>(&outcome))
        return refuse(*denial);
    auto *gate = std::get_if<Gatekeeper::GateResult>(&outcome);
    return gate ? conclude(std::move(*gate)) : step::Stay {};
}

Step Socks5Front::conclude(Gatekeeper::GateResult gate)
{
    m_signIn.reset();
    const bool isSecond = m_state == State::SecondSignIn;
    if (m_leg.active == m_leg.context.active) {
        if (const auto denial = applyGateResult(std::move(gate)))
            return refuse(*denial);
    } else {
        // Judge again by the current settings, in the state in which the password arrived.
        m_leg.adoptSettings();
        enter(isSecond ? State::Request : State::Authentication);
        if (m_leg.lacksTls())
            return refuse(denialOf({ policy::Refusal::TlsRequired }));
        if (areCredentialsAsked()) {
            if (auto step = passGate())
                return std::move(*step);
        }
    }
    return isSecond ? judge() : welcome();
}

/// The password was right: goes on with what the client sent while it waited.
Step Socks5Front::welcome()
{
    if (auto step = say(socks::authStatus(true)))
        return std::move(*step);
    enter(State::Request);
    m_leg.stream->setReadEnabled(!m_leg.hasEnded);
    return takeMessages();
}

} // namespace sami::server
