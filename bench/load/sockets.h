// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

namespace sami::bench {

/// Says what failed, with errno, and ends the process: the generator has no way to go on.
[[noreturn]] void die(const char *what);

/// Raises the soft descriptor limit to the hard one.
void raiseDescriptorLimit();

/// How a client comes to the origin. Sources and targets are spread over 127.0.0.1 to .16: one pair
/// of addresses has only some 28,000 ports, and closed connections hold theirs for a minute.
struct Route
{
    enum class Kind {
        Direct,  ///< no proxy: what the others are compared with
        Connect, ///< a forward proxy: tunnels through CONNECT, requests in absolute-form
        Raw,     ///< a TCP relay that knows its target: the tunnel stands at connect
    };
    Kind kind = Kind::Direct;
    uint16_t proxyPort = 0;
    uint16_t originPort = 0;
    /// Where the origin is reached over TLS, for the proxy to speak it; 0: in clear text. Requests
    /// in absolute-form alone.
    uint16_t secureOriginPort = 0;
    /// Field lines of each CONNECT, with their line ends.
    std::string connectFields {};

    /// The last number of the loopback address that connection number index is to reach.
    [[nodiscard]] static unsigned targetHost(unsigned index) { return 1 + index % 16; }
};

/// A non-blocking socket on its way to the proxy, or to the origin when there is none; -1 and
/// errno when that failed at once.
[[nodiscard]] int startConnect(const Route &route, unsigned index);

/// A non-blocking listener on every loopback address; port 0 takes a free one.
[[nodiscard]] int listenOnLoopback(uint16_t port);
[[nodiscard]] uint16_t localPort(int descriptor);
void setNoDelay(int descriptor);

} // namespace sami::bench
