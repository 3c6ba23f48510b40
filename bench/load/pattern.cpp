// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "pattern.h"

#include <algorithm>
#include <cstring>
#include <vector>

namespace sami::bench::pattern {

namespace {

/// Two periods, so that a whole one follows any offset.
std::vector<char> makeOctets()
{
    std::vector<char> octets(2 * period);
    uint32_t state = 2463534242U;
    for (size_t i = 0; i < period; ++i) {
        state ^= state << 13; // xorshift: any noise will do
        state ^= state >> 17;
        state ^= state << 5;
        octets[i] = octets[i + period] = static_cast<char>(state >> 24);
    }
    return octets;
}

} // namespace

const char *at(uint64_t offset)
{
    static const std::vector<char> octets = makeOctets();
    return octets.data() + offset % period;
}

bool matches(const char *data, size_t size, uint64_t offset)
{
    while (size > 0) {
        const size_t run = std::min(size, period);
        if (std::memcmp(data, at(offset), run) != 0)
            return false;
        data += run;
        offset += run;
        size -= run;
    }
    return true;
}

} // namespace sami::bench::pattern
