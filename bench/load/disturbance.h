// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "loop.h"

#include <sys/types.h>

namespace sami::bench {

/// How much of the machine others used meanwhile: what neither the proxy's tree nor this program
/// and its children did, nor the tree of a helper, if there is one. Figures of a disturbed run say
/// little.
class Disturbance
{
public:
    /// Root processes; 0 for a helper that there is not.
    Disturbance(pid_t proxy, pid_t helper);
    /// A share of all cores' time since the construction, 0 to 1.
    [[nodiscard]] double share() const;

private:
    [[nodiscard]] double othersSeconds() const;

    pid_t m_proxy;
    pid_t m_helper;
    TimePoint m_begin;
    double m_before;
};

} // namespace sami::bench
