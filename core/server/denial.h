// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/ending.h"
#include "net/dialfault.h"
#include "policy/decision.h"
#include "server/places.h"
#include "server/replytext.h"
#include "users/user.h"

#include <optional>
#include <variant>

namespace sami::server {

struct SharedState;

/// Why a client is refused, before a front has put it into the words of its protocol. The same
/// client and the same request get the same denial, whatever the protocol.
struct Denial
{
    std::variant<OwnReply, policy::Decision, net::DialError> why;
    account::EndedHow how = account::EndedHow::Refused;
    bool mustClose = false; ///< even where the protocol would let the client try again
};

/// Status, reason and text of a denial; the account uses them for every front.
[[nodiscard]] ReplyText replyText(const Denial &denial);

/// One of the access rules refused.
[[nodiscard]] Denial denialOf(const policy::Decision &decision);
/// The denial for a connection over a limit, which gets nothing but status pages.
[[nodiscard]] std::optional<Denial> denialOfPlace(Crowding crowding);
/// A user of the users file who gave the right password and is still not let in. A null user is not
/// in that file.
[[nodiscard]] std::optional<Denial> denialOfUser(const users::UserPtr &user);
/// The user already has as much work under way as is allowed at once.
[[nodiscard]] Denial denialOfFullUser();
/// There is no room for another password check, or no time left for it.
[[nodiscard]] Denial denialOfFullSignIn();
/// While the proxy shuts down, nothing new starts.
[[nodiscard]] std::optional<Denial> denialWhileDraining(const SharedState &shared);
/// No route could be dialled. `refusal` is the rule that let no address through, if there was one.
/// Logs once that the resolver here hands out made-up addresses.
[[nodiscard]] Denial denialOf(const net::DialError &error, const policy::Decision &refusal,
                              SharedState &shared);

} // namespace sami::server
