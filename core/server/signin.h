// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/ending.h"
#include "server/denial.h"
#include "server/front.h"
#include "server/gatekeeper.h"
#include "server/readahead.h"
#include "users/passwordchecks.h"

#include <memory>
#include <optional>
#include <variant>

namespace sami::server {

struct ClientLeg;

/// A front's wait while a slow hash judges a password. The hash runs on the threads of
/// PasswordChecks, and the gatekeeper concludes there too: a wrong guess counts, whether or not its
/// client still waits. The result comes back to the worker's thread, where the front gets
/// FrontEvent::PasswordJudged. What the client sends meanwhile is read ahead. Owned by the front;
/// destroy it to give up, which frees the client's place in the queue.
///
/// The client does not get more time: the deadline of its head keeps running.
class SignIn
{
    Q_DISABLE_COPY_MOVE(SignIn)

public:
    /// Null if there is no room. `needsClient` and `heldBytes` as in ReadAhead.
    [[nodiscard]] static std::unique_ptr<SignIn>
    begin(Gatekeeper::Question question, ClientLeg &leg, bool needsClient, qsizetype heldBytes);
    ~SignIn();

    /// In this order: the wait goes on; the client has left; it gets no verdict; it gets this one.
    using Outcome = std::variant<std::monostate, account::Ending, Denial, Gatekeeper::GateResult>;
    /// Takes an event that the front gets while it waits. The verdict is by the settings under
    /// which the question was asked.
    [[nodiscard]] Outcome handle(FrontEvent event);

private:
    SignIn(ClientLeg &leg, bool needsClient, qsizetype heldBytes);
    [[nodiscard]] bool ask(Gatekeeper::Question question);

    using Verdict = std::optional<Gatekeeper::GateResult>;

    ClientLeg &m_leg;
    ReadAhead m_ahead;
    const std::shared_ptr<Verdict> m_verdict; ///< pending checks hold a weak pointer to it
    users::PasswordChecks::Ticket m_ticket;
};

} // namespace sami::server
