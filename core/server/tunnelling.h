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

/// A session's Tunnel state: the relay that owns both legs, and the watch over its silence. A part
/// of the session, for thousands of tunnels wait in silence.
class Tunnelling
{
    Q_DISABLE_COPY_MOVE(Tunnelling)

public:
    /// Takes the client's stream off the leg and sends what was read ahead on, either way.
    /// `over` is called once, from the event loop.
    Tunnelling(ClientLeg &leg, step::Tunnel tunnel, net::Relay::Finished over);
    ~Tunnelling();

    void start();
    /// Ends both legs now.
    void abort();
    /// What the client was told when it became a tunnel.
    [[nodiscard]] int status() const { return m_status; }
    /// When to look again; nothing: both legs were silent for `limit`. `idle`: nothing has moved
    /// for so long.
    [[nodiscard]] std::optional<std::chrono::milliseconds> look(Clock::duration idle,
                                                                std::chrono::milliseconds limit);

private:
    net::LaterPtr<net::Relay> m_relay;
    int m_status;
    SilenceWatch m_silence;
};

} // namespace sami::server
