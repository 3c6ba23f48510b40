// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/ending.h"
#include "server/gatekeeper.h"
#include "server/readahead.h"
#include "users/passwordchecks.h"

#include <memory>
#include <optional>

namespace sami::server {

struct ClientLeg;

/// A front's wait while a slow hash judges a password. The hash runs on the threads of
/// PasswordChecks; the verdict comes back to the worker's thread, where the front gets
/// FrontEvent::PasswordJudged. Meanwhile what the client sends is read ahead. Owned by the front;
/// destroy it to give up, which frees the client's place in the queue.
///
/// The client does not get more time: the deadline of its head goes on.
class SignIn
{
    Q_DISABLE_COPY_MOVE(SignIn)

public:
    /// Null if there is no room. `needsClient` and `heldBytes` as in ReadAhead.
    [[nodiscard]] static std::unique_ptr<SignIn>
    begin(Gatekeeper::Question question, ClientLeg &leg, bool needsClient, qsizetype heldBytes);
    ~SignIn();

    [[nodiscard]] const Gatekeeper::Question &question() const { return m_question; }
    /// The user whom the pair belongs to; null if nobody. Empty until the verdict arrives.
    [[nodiscard]] const std::optional<users::UserPtr> &verdict() const { return *m_verdict; }
    /// See ReadAhead::read().
    [[nodiscard]] std::optional<account::Ending> readAhead() { return m_ahead.read(); }

private:
    SignIn(Gatekeeper::Question question, ClientLeg &leg, bool needsClient, qsizetype heldBytes);
    [[nodiscard]] bool ask();

    using Verdict = std::optional<users::UserPtr>;

    const Gatekeeper::Question m_question;
    ClientLeg &m_leg;
    ReadAhead m_ahead;
    const std::shared_ptr<Verdict> m_verdict; ///< pending checks hold a weak pointer to it
    users::PasswordChecks::Ticket m_ticket;
};

} // namespace sami::server
