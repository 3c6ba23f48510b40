// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "socks/messages.h"

#include <QByteArray>

#include <initializer_list>

/// The messages of SOCKS5 as octets. Pure functions.
namespace sami::socks {

// The server's side.
[[nodiscard]] QByteArray methodChoice(Method method);
[[nodiscard]] QByteArray authStatus(bool isSuccess);
/// `bound` must be an IPv4 or IPv6 address; without one it is 0.0.0.0:0.
[[nodiscard]] QByteArray reply(ReplyCode code, const SocketAddress &bound = {});

// The client's side. At most 255 methods; user, password and name have 255 octets at most.
[[nodiscard]] QByteArray greeting(std::initializer_list<Method> methods);
[[nodiscard]] QByteArray userPassword(const UserPassword &pair);
/// A literal is sent as an address, all else as a name.
[[nodiscard]] QByteArray request(Command command, const Endpoint &destination);

} // namespace sami::socks
