// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

namespace sami::bench {

/// Bytes that both ends compute from the offset. The period is prime, so a lost or repeated buffer
/// of any usual size does not fit. Each connection starts at its own place, so another connection's
/// bytes do not fit either.
namespace pattern {

inline constexpr size_t period = 1'048'573;

/// At least `period` bytes are readable from there.
[[nodiscard]] const char *at(uint64_t offset);
/// The offset at which a connection's pattern starts.
[[nodiscard]] constexpr uint64_t startOf(unsigned index)
{
    return uint64_t(index) * 7919;
}
[[nodiscard]] bool matches(const char *data, size_t size, uint64_t offset);

} // namespace pattern

} // namespace sami::bench
