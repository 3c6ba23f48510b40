// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "loop.h"
#include "ticker.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sami::bench {

/// One connection of the origin. Follows its order (origin.h lists them). Deletes itself.
class OriginConnection final : public Handler, public Ticking
{
public:
    OriginConnection(Loop &loop, Ticker &ticker, int socket);
    ~OriginConnection() override;
    OriginConnection(const OriginConnection &) = delete;
    OriginConnection &operator=(const OriginConnection &) = delete;

    void ready(uint32_t events) override;
    void tick() override;

private:
    enum class Mode { Order, Echo, Down, Up, Ticks, Events, Http };

    // Each returns whether the connection goes on.
    bool received(std::string_view octets);
    bool order(std::string_view octets);
    bool obey(const std::string &line, std::string_view rest);
    bool verify(std::string_view octets);
    bool sendPattern();
    bool requests(std::string_view octets);
    bool respond(const std::string &head);
    bool sendAll(std::string_view octets);

    void beginTicks(unsigned microseconds, unsigned phase);

    Loop &m_loop;
    Ticker &m_ticker;
    int m_socket;
    Mode m_mode = Mode::Order;
    std::string m_input; ///< an unfinished order or request head
    uint64_t m_at = 0;   ///< offset in the pattern
    uint64_t m_left = 0; ///< octets of Down or Up
    size_t m_frameSize = 0;
    uint32_t m_tag = 0;
    uint32_t m_number = 0;
    bool m_chunked = false;
    bool m_closing = false; ///< after the last response
};

} // namespace sami::bench
