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

/// A session's Tunnel state: the relay that owns both legs, and its silence watch. The session
/// holds it by value to save memory, because thousands of tunnels may be idle at once.
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
    /// The status that the client got when the tunnel began.
    [[nodiscard]] int status() const { return m_status; }
    /// Returns when to look again, or nothing if both legs have been silent for `limit`. `idle` is
    /// the time since the last octet moved.
    [[nodiscard]] std::optional<std::chrono::milliseconds> look(Clock::duration idle,
                                                                std::chrono::milliseconds limit);

private:
    net::LaterPtr<net::Relay> m_relay;
    int m_status;
    SilenceWatch m_silence;
};

} // namespace sami::server
