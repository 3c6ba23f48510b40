// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

namespace sami::bench {

/// Octets that both ends can compute from their offset. The period is prime, so that neither a
/// lost nor a repeated buffer of any usual size fits again; a connection's start is its index, so
/// that an octet of somebody else's connection does not fit either.
namespace pattern {

inline constexpr size_t period = 1'048'573;

/// At least `period` octets from this offset on are readable there.
[[nodiscard]] const char *at(uint64_t offset);
/// Where the pattern of connection number index begins.
[[nodiscard]] constexpr uint64_t startOf(unsigned index)
{
    return uint64_t(index) * 7919;
}
[[nodiscard]] bool matches(const char *data, size_t size, uint64_t offset);

} // namespace pattern

} // namespace sami::bench
