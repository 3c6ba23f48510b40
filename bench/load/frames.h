// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "loop.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sami::bench {

/// One tick: a server-sent event of fixed size with its send time, its number and its connection's
/// tag. Both ends run on one machine, so they share a clock.
namespace frames {

inline constexpr size_t minimumSize = 64;

[[nodiscard]] std::string make(size_t size, uint32_t tag, uint32_t number);

} // namespace frames

/// The delays of frames, recorded while it is on.
struct DelayLog
{
    bool isOn = false;
    std::vector<float> milliseconds;
};

/// Splits a byte stream into frames, checks each one, and records the delays.
class FrameReader
{
public:
    FrameReader(size_t size, uint32_t tag) : m_size(size), m_tag(tag) {}

    /// False at the first byte that differs from what was sent.
    [[nodiscard]] bool feed(std::string_view octets, DelayLog &log);

private:
    [[nodiscard]] bool check(std::string_view frame, DelayLog &log);

    size_t m_size;
    uint32_t m_tag;
    uint32_t m_next = 0;
    std::string m_pending;
};

} // namespace sami::bench
