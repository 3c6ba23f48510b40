// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <sys/types.h>
#include <vector>

namespace sami::bench {

/// The server behind the proxy, in separate processes that end with this one. The first line of a
/// connection is its order:
///
///   echo                          echoes what follows
///   down OCTETS START             sends that much of the pattern, from that offset
///   up OCTETS START               expects that much of the pattern, then sends "ok\n"
///   tick MICROSECONDS SIZE TAG PHASE   frames at that interval, the first after PHASE
///   GET /SIZE HTTP/1.x            a response of that many bytes of the pattern; kept alive
///   GET /sse?MICROSECONDS&SIZE&TAG&PHASE HTTP/1.x   endless frames, chunked for HTTP/1.1
///
/// Anything else, or a wrong byte, closes the connection, which the client counts as a fault.
class Origin
{
public:
    /// Port 0 picks a free one.
    explicit Origin(uint16_t port, int processes);
    ~Origin();
    Origin(const Origin &) = delete;
    Origin &operator=(const Origin &) = delete;

    [[nodiscard]] uint16_t port() const { return m_port; }

private:
    uint16_t m_port = 0;
    std::vector<pid_t> m_processes;
};

} // namespace sami::bench
