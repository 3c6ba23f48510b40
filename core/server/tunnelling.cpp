// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/tunnelling.h"

#include "server/clientleg.h"

#include <utility>

namespace sami::server {

Tunnelling::Tunnelling(ClientLeg &leg, step::Tunnel tunnel, net::Relay::Finished over)
    : m_status(tunnel.status)
{
    if (!leg.input.isEmpty()) {
        leg.record->traffic.countUp(leg.input.size(), Clock::now());
        tunnel.upstream->write(leg.input);
    }
    leg.input = {};
    if (!tunnel.early.isEmpty()) {
        leg.record->traffic.countDown(tunnel.early.size(), Clock::now());
        leg.stream->write(tunnel.early);
    }
    leg.stream->setListener(nullptr);
    m_relay.reset(new net::Relay(std::move(leg.stream), std::move(tunnel.upstream),
                                 leg.record->traffic, std::move(over)));
}

Tunnelling::~Tunnelling() = default;

void Tunnelling::start()
{
    m_relay->start();
}

void Tunnelling::abort()
{
    m_relay->abort();
}

std::optional<std::chrono::milliseconds> Tunnelling::look(Clock::duration idle,
                                                          std::chrono::milliseconds limit)
{
    return m_silence.look(idle, limit, [this] { return m_relay->undeliveredBytes(); });
}

} // namespace sami::server
