// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/signin.h"

#include "net/mailbox.h"
#include "policy/clientkey.h"
#include "server/clientleg.h"

#include <utility>

namespace sami::server {

std::unique_ptr<SignIn> SignIn::begin(Gatekeeper::Question question, ClientLeg &leg,
                                      bool needsClient, qsizetype heldBytes)
{
    std::unique_ptr<SignIn> begun(new SignIn(leg, needsClient, heldBytes));
    if (!begun->ask(std::move(question)))
        return nullptr;
    return begun;
}

SignIn::SignIn(ClientLeg &leg, bool needsClient, qsizetype heldBytes)
    : m_leg(leg), m_ahead(leg, needsClient, heldBytes), m_verdict(std::make_shared<Verdict>())
{}

bool SignIn::ask(Gatekeeper::Question question)
{
    users::PasswordCheck check { question.roster, question.pair, question.digest,
                                 policy::clientKey(question.client), question.isKnown };
    // When the verdict arrives, the session may be gone, or this wait may be over.
    auto tell = [leg = &m_leg,
                 place = std::weak_ptr(m_verdict)](const Gatekeeper::GateResult &result) {
        const std::shared_ptr<Verdict> verdict = place.lock();
        if (!verdict)
            return;
        *verdict = result;
        leg->tellLater(FrontEvent::PasswordJudged);
    };
    const auto mailbox = net::Mailbox::open(m_leg.owner);
    const auto ticket = m_leg.context.shared->passwordChecks.ask(
        std::move(check),
        [mailbox, tell = std::move(tell), question = std::move(question),
         gatekeeper = m_leg.context.shared->gatekeeper](const users::UserPtr &user) {
            auto result = gatekeeper->conclude(question, user, Clock::now());
            mailbox->post([tell, result = std::move(result)] { tell(result); });
        });
    if (!ticket)
        return false;
    m_ticket = *ticket;
    return true;
}

SignIn::Outcome SignIn::handle(FrontEvent event)
{
    switch (event) {
    case FrontEvent::ClientReadable:
        if (auto ending = m_ahead.read())
            return *std::move(ending);
        break;
    case FrontEvent::ClientFailed:
        return account::clientEnding(m_leg.stream->end());
    case FrontEvent::PasswordJudged:
        if (*m_verdict)
            return **m_verdict;
        break; // a late event of an earlier request
    case FrontEvent::DeadlineExpired:
        return denialOfFullSignIn();
    case FrontEvent::DrainBegan:
        // The verdict would change nothing: a request that has not been admitted gets 503.
        if (auto denial = denialWhileDraining(*m_leg.context.shared))
            return *std::move(denial);
        break;
    case FrontEvent::ClientDrained:
    case FrontEvent::Continue:
    case FrontEvent::ExchangeFinished:
    case FrontEvent::RecordBudgetSpent:
    case FrontEvent::SettingsChanged: // compared when the verdict is there
        break;
    }
    return {};
}

SignIn::~SignIn()
{
    m_leg.context.shared->passwordChecks.cancel(m_ticket);
}

} // namespace sami::server
