// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "socks/fault.h"
#include "socks/messages.h"

#include <QByteArrayView>

#include <optional>

/// Reads the messages of SOCKS5. Each call gets everything received since the start of the message,
/// decides as early as possible, and keeps nothing. A message states its lengths first and has a
/// few hundred octets at most, so calling again for every octet costs almost nothing. Pure; no
/// function needs more than maxMessageBytes octets to decide.
namespace sami::socks {

inline constexpr qsizetype maxMessageBytes = 513; ///< user and password, the longest

template <typename Message> struct Read
{
    Message message;
    qsizetype consumed = 0; ///< octets of this message; what follows belongs to the next
};

/// Empty while octets are missing.
template <typename Message> using Progress = Result<std::optional<Read<Message>>, Fault>;

// The server's side.
[[nodiscard]] Progress<Greeting> readGreeting(QByteArrayView octets);
[[nodiscard]] Progress<UserPassword> readUserPassword(QByteArrayView octets);
/// Ignores RSV. Every command has an address.
[[nodiscard]] Progress<Request> readRequest(QByteArrayView octets);

// The client's side.
[[nodiscard]] Progress<Method> readMethodChoice(QByteArrayView octets);
/// True for success: status 0.
[[nodiscard]] Progress<bool> readAuthStatus(QByteArrayView octets);
[[nodiscard]] Progress<ConnectReply> readReply(QByteArrayView octets);

} // namespace sami::socks
