// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "socks/messages.h"

#include <QByteArray>

#include <initializer_list>

/// Encodes the messages of SOCKS5. Pure functions.
namespace sami::socks {

// The server's side.
[[nodiscard]] QByteArray methodChoice(Method method);
[[nodiscard]] QByteArray authStatus(bool isSuccess);
/// `bound` must be an IPv4 or IPv6 address; a null address is sent as 0.0.0.0:0.
[[nodiscard]] QByteArray reply(ReplyCode code, const SocketAddress &bound = {});

// The client's side. At most 255 methods; at most 255 octets each of user, password and name.
[[nodiscard]] QByteArray greeting(std::initializer_list<Method> methods);
[[nodiscard]] QByteArray userPassword(const UserPassword &pair);
/// Sends a literal as an address and anything else as a name.
[[nodiscard]] QByteArray request(Command command, const Endpoint &destination);

} // namespace sami::socks
