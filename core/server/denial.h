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

/// Why a client does not get what it asks for, as whoever found out says it: no front has put it
/// into the words of its protocol yet. The same client with the same wish gets the same denial
/// whatever it speaks.
struct Denial
{
    std::variant<OwnReply, policy::Decision, net::DialError> why;
    account::EndedHow how = account::EndedHow::Refused;
    bool mustClose = false; ///< also where the protocol would let the client ask once more
};

/// The status, the reason and the sentences that go with it: what the account says of it for every
/// front.
[[nodiscard]] ReplyText replyText(const Denial &denial);

/// One of the access rules refused.
[[nodiscard]] Denial denialOf(const policy::Decision &decision);
/// Of a connection over a limit nothing is served.
[[nodiscard]] std::optional<Denial> denialOfPlace(Crowding crowding);
/// A user of the users file who knows the password and is not let in all the same. A null user is
/// none of that file.
[[nodiscard]] std::optional<Denial> denialOfUser(const users::UserPtr &user);
/// The user has as much under way as it may have at once.
[[nodiscard]] Denial denialOfFullUser();
/// There is no room for another password to be checked, or no time left for it.
[[nodiscard]] Denial denialOfFullSignIn();
/// Nothing new is begun while the proxy shuts down.
[[nodiscard]] std::optional<Denial> denialWhileDraining(const SharedState &shared);
/// No way was found. `refusal` is the rule that let no address pass, if one did. Says once in the
/// log that names get made-up addresses here.
[[nodiscard]] Denial denialOf(const net::DialError &error, const policy::Decision &refusal,
                              SharedState &shared);

} // namespace sami::server
