// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/nativeaccept.h"

#include <winsock2.h>
#include <ws2tcpip.h>

namespace sami::net {

bool canAcceptNatively()
{
    return false;
}

AcceptResult acceptConnection(qintptr)
{
    return {};
}

SocketAddress peerOf(qintptr descriptor)
{
    sockaddr_in6 storage {}; // large enough for IPv4, whose port is at the same offset
    auto *address = reinterpret_cast<sockaddr *>(&storage);
    int size = sizeof storage;
    if (::getpeername(static_cast<SOCKET>(descriptor), address, &size) != 0)
        return {};
    return { unmapped(QHostAddress(address)), ntohs(storage.sin6_port) };
}

} // namespace sami::net
