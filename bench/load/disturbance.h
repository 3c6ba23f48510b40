// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "loop.h"

#include <sys/types.h>

namespace sami::bench {

/// How much of the machine others used meanwhile: what neither the proxy's tree nor this program
/// and its children did. Figures of a disturbed run say little.
class Disturbance
{
public:
    explicit Disturbance(pid_t proxy);
    /// A share of all cores' time since the construction, 0 to 1.
    [[nodiscard]] double share() const;

private:
    [[nodiscard]] double othersSeconds() const;

    pid_t m_proxy;
    TimePoint m_begin;
    double m_before;
};

} // namespace sami::bench
