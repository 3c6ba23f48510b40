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

/// One tick: a server-sent event of fixed size that carries the time it was sent, its number and
/// its connection's tag. Both ends run on one machine, so the clock is one.
namespace frames {

inline constexpr size_t minimumSize = 64;

[[nodiscard]] std::string make(size_t size, uint32_t tag, uint32_t number);

} // namespace frames

/// The delays of frames, kept while that is on.
struct DelayLog
{
    bool isOn = false;
    std::vector<float> milliseconds;
};

/// Cuts a stream of octets into frames again, checks each, and notes the delays.
class FrameReader
{
public:
    FrameReader(size_t size, uint32_t tag) : m_size(size), m_tag(tag) {}

    /// False at the first octet that is not what was sent.
    [[nodiscard]] bool feed(std::string_view octets, DelayLog &log);

private:
    [[nodiscard]] bool check(std::string_view frame, DelayLog &log);

    size_t m_size;
    uint32_t m_tag;
    uint32_t m_next = 0;
    std::string m_pending;
};

} // namespace sami::bench
