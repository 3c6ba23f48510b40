// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"

#include <sys/socket.h>

namespace sami::net {

/// A socket address in the kernel's form (Unix).
struct NativeAddress
{
    sockaddr_storage storage {};
    socklen_t size = sizeof(sockaddr_storage);

    [[nodiscard]] sockaddr *data() { return reinterpret_cast<sockaddr *>(&storage); }
    [[nodiscard]] const sockaddr *data() const
    {
        return reinterpret_cast<const sockaddr *>(&storage);
    }
};

/// IPv4, or IPv6 with its scope.
[[nodiscard]] NativeAddress toNative(const SocketAddress &address);
/// Converts an IPv4-mapped address to IPv4.
[[nodiscard]] SocketAddress fromNative(const NativeAddress &native);

/// The two addresses of a socket; null if it has none, or none any more.
[[nodiscard]] SocketAddress localAddressOf(int descriptor);
[[nodiscard]] SocketAddress peerAddressOf(int descriptor);

} // namespace sami::net
