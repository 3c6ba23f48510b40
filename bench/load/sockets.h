// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

namespace sami::bench {

/// Prints what failed, with errno, and exits: the generator cannot go on.
[[noreturn]] void die(const char *what);

/// Raises the soft descriptor limit to the hard one.
void raiseDescriptorLimit();

/// How a client reaches the origin. Sources and targets spread over 127.0.0.1 to .16: an address
/// pair has only some 28,000 ports, and a closed connection holds its port for a minute.
struct Route
{
    enum class Kind {
        Direct,  ///< no proxy: the baseline for the others
        Connect, ///< a forward proxy: tunnels through CONNECT, requests in absolute-form
        Raw,     ///< a TCP relay with a fixed target: the tunnel is open once connected
    };
    Kind kind = Kind::Direct;
    uint16_t proxyPort = 0;
    uint16_t originPort = 0;
    /// The port of the origin's TLS server, for the proxy to use; 0: clear text. Only for requests
    /// in absolute-form.
    uint16_t secureOriginPort = 0;
    /// Field lines of each CONNECT, with their line ends.
    std::string connectFields {};

    /// The last number of the loopback address that this connection goes to.
    [[nodiscard]] static unsigned targetHost(unsigned index) { return 1 + index % 16; }
};

/// A non-blocking socket that is connecting to the proxy, or to the origin if there is none; -1 and
/// errno on an immediate failure.
[[nodiscard]] int startConnect(const Route &route, unsigned index);

/// A non-blocking listener on every loopback address; port 0 picks a free one.
[[nodiscard]] int listenOnLoopback(uint16_t port);
[[nodiscard]] uint16_t localPort(int descriptor);
void setNoDelay(int descriptor);

} // namespace sami::bench
