// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "sockets.h"

#include <cstdint>
#include <string>
#include <sys/types.h>

namespace sami::bench {

/// The values of the command line; each workload uses its share.
struct Options
{
    std::string workload;
    Route::Kind route = Route::Kind::Connect;
    unsigned proxyPort = 0;
    unsigned pid = 0;    ///< root of the proxy's process tree; 0 for no accounting
    unsigned beside = 0; ///< root of a helper of the load, such as one that speaks TLS for it
    unsigned originPort = 0;
    unsigned secureOriginPort = 0; ///< a TLS server in front of the origin; 0: http:// targets
    unsigned origins = 1;
    unsigned clients = 1;
    unsigned total = 20'000;
    unsigned inFlight = 50;
    unsigned tunnels = 8;
    unsigned megabytes = 300; ///< per tunnel, of 10^6 octets
    std::string direction = "down";
    std::string credentials; ///< of each CONNECT, as Basic has them; empty: none
    unsigned silent = 2000;
    unsigned ticking = 100;
    unsigned intervalUs = 20'000;
    unsigned size = 0; ///< bytes of an echo, a frame or a response; 0 for the workload's default
    unsigned seconds = 10;
    unsigned patience = 120; ///< seconds after which a workload gives up

    [[nodiscard]] Route routeTo(uint16_t origin) const
    {
        return { route, static_cast<uint16_t>(proxyPort), origin,
                 static_cast<uint16_t>(secureOriginPort),
                 credentials.empty() ? std::string()
                                     : "Proxy-Authorization: Basic " + credentials + "\r\n" };
    }
};

/// Exits with a usage text if the command line is wrong.
[[nodiscard]] Options parseOptions(int argc, char **argv);

} // namespace sami::bench
