// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "net/later.h"
#include "net/relay.h"
#include "server/front.h"
#include "server/silencewatch.h"

#include <chrono>
#include <optional>

namespace sami::server {

struct ClientLeg;

/// A session's Tunnel state: the relay that owns both legs, and its silence watch. Held inside the
/// session by value, because thousands of tunnels wait in silence.
class Tunnelling
{
    Q_DISABLE_COPY_MOVE(Tunnelling)

public:
    /// Takes the client's stream off the leg and sends on what was read ahead, both ways. `over` is
    /// called once, from the event loop.
    Tunnelling(ClientLeg &leg, step::Tunnel tunnel, net::Relay::Finished over);
    ~Tunnelling();

    void start();
    /// Ends both legs now.
    void abort();
    /// The status that the client got when it became a tunnel.
    [[nodiscard]] int status() const { return m_status; }
    /// When to look again; empty if both legs were silent for `limit`. `idle`: the time since
    /// anything moved.
    [[nodiscard]] std::optional<std::chrono::milliseconds> look(Clock::duration idle,
                                                                std::chrono::milliseconds limit);

private:
    net::LaterPtr<net::Relay> m_relay;
    int m_status;
    SilenceWatch m_silence;
};

} // namespace sami::server
