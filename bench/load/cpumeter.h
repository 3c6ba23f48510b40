// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "processtree.h"

#include <chrono>
#include <thread>

namespace sami::bench {

/// The CPU time that the proxy's process tree uses from now on.
class CpuMeter
{
public:
    explicit CpuMeter(unsigned root)
        : m_root(static_cast<pid_t>(root)), m_before(processtree::cpuSeconds(m_root))
    {}
    [[nodiscard]] double seconds() const { return processtree::cpuSeconds(m_root) - m_before; }
    /// The same, after a moment for what the proxy still has to clean up.
    [[nodiscard]] double settledSeconds() const
    {
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        return seconds();
    }

private:
    pid_t m_root;
    double m_before;
};

} // namespace sami::bench
