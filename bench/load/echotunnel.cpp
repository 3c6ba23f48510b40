// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "echotunnel.h"

#include "pattern.h"

namespace sami::bench {

void EchoTunnel::open()
{
    start("echo\n" + std::string(pattern::at(pattern::startOf(index())), m_size));
}

void EchoTunnel::received(std::string_view octets)
{
    if (m_received + octets.size() > m_size)
        return fail("more was echoed than was sent");
    if (!pattern::matches(octets.data(), octets.size(), pattern::startOf(index()) + m_received))
        return fail("a wrong octet was echoed");
    m_received += octets.size();
    if (m_received == m_size) {
        if (m_afterwards == Afterwards::Close)
            finish();
        else
            stay();
    }
}

EchoTunnels runEchoTunnels(Loop &loop, const Route &route, const EchoRun &run, TimePoint deadline,
                           Tally &tally)
{
    EchoTunnels tunnels;
    tunnels.reserve(run.total);
    const bool ended = pollUntil(loop, deadline, [&] {
        while (tunnels.size() < run.total && tally.inFlight() < run.inFlight && tally.faults == 0) {
            const unsigned index = run.firstIndex + static_cast<unsigned>(tunnels.size());
            tunnels.push_back(
                std::make_unique<EchoTunnel>(loop, route, index, tally, run.size, run.afterwards));
            tunnels.back()->open();
        }
        return tally.faults > 0 || (tunnels.size() == run.total && tally.inFlight() <= 0);
    });
    if (!ended)
        tally.fault("echo: not done in time");
    return tunnels;
}

} // namespace sami::bench
