// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "loop.h"

#include <sys/types.h>

namespace sami::bench {

/// How much of the machine others have used: everything except the proxy's process tree, this
/// program with its children, and the tree of a helper if there is one. The figures of a disturbed
/// run mean little.
class Disturbance
{
public:
    /// Root processes; 0 if there is no helper.
    Disturbance(pid_t proxy, pid_t helper);
    /// The share of all cores' time since construction, 0 to 1.
    [[nodiscard]] double share() const;

private:
    [[nodiscard]] double othersSeconds() const;

    pid_t m_proxy;
    pid_t m_helper;
    TimePoint m_begin;
    double m_before;
};

} // namespace sami::bench
