// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "tunnel.h"

#include <cstddef>
#include <memory>
#include <vector>

namespace sami::bench {

/// A tunnel that has a few bytes echoed, then closes or stays silent for good.
class EchoTunnel final : public Tunnel
{
public:
    enum class Afterwards { Close, StaySilent };

    EchoTunnel(Loop &loop, const Route &route, unsigned index, Tally &tally, size_t size,
               Afterwards afterwards)
        : Tunnel(loop, route, index, tally), m_size(size), m_afterwards(afterwards)
    {}
    void open();

private:
    void received(std::string_view octets) override;

    size_t m_size;
    Afterwards m_afterwards;
    size_t m_received = 0;
};

struct EchoRun
{
    unsigned total = 0;
    unsigned inFlight = 0;
    unsigned firstIndex = 0;
    size_t size = 0; ///< bytes echoed through each
    EchoTunnel::Afterwards afterwards = EchoTunnel::Afterwards::Close;
};
using EchoTunnels = std::vector<std::unique_ptr<EchoTunnel>>;

/// Opens all of them, a limited number at a time, and waits until each has echoed (and closed).
/// Ends early at a fault or at the deadline; the tally tells.
[[nodiscard]] EchoTunnels runEchoTunnels(Loop &loop, const Route &route, const EchoRun &run,
                                         TimePoint deadline, Tally &tally);

} // namespace sami::bench
