// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "socks/fault.h"
#include "socks/messages.h"

#include <QByteArrayView>

#include <optional>

/// Reads the messages of SOCKS5. Each function is given all that has come of its message and what
/// follows, and says as soon as it can be said what that is; nothing of it is kept. Every message
/// names its lengths first and has a few hundred octets at most, so asking again for each octet
/// costs next to nothing. Pure; no function needs more octets than maxMessageBytes to decide.
namespace sami::socks {

inline constexpr qsizetype maxMessageBytes = 513; ///< user and password, the longest

template <typename Message> struct Read
{
    Message message;
    qsizetype consumed = 0; ///< its octets; what follows is another message's
};

/// Nothing while octets are missing.
template <typename Message> using Progress = Result<std::optional<Read<Message>>, Fault>;

// The server's side.
[[nodiscard]] Progress<Greeting> readGreeting(QByteArrayView octets);
[[nodiscard]] Progress<UserPassword> readUserPassword(QByteArrayView octets);
/// RSV is not looked at. Whatever the command is, it comes with an address.
[[nodiscard]] Progress<Request> readRequest(QByteArrayView octets);

// The client's side.
[[nodiscard]] Progress<Method> readMethodChoice(QByteArrayView octets);
/// True for success: status 0.
[[nodiscard]] Progress<bool> readAuthStatus(QByteArrayView octets);
[[nodiscard]] Progress<Reply> readReply(QByteArrayView octets);

} // namespace sami::socks
