// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "disturbance.h"

#include "processtree.h"

#include <algorithm>
#include <fstream>
#include <string>
#include <unistd.h>

namespace sami::bench {

namespace {

/// The seconds that all cores have spent neither idle nor waiting for disks.
double busySeconds()
{
    std::ifstream file("/proc/stat");
    std::string name;
    double user = 0;
    double nice = 0;
    double system = 0;
    double idle = 0;
    double waiting = 0;
    double interrupts = 0;
    double softInterrupts = 0;
    file >> name >> user >> nice >> system >> idle >> waiting >> interrupts >> softInterrupts;
    return (user + nice + system + interrupts + softInterrupts)
        / static_cast<double>(sysconf(_SC_CLK_TCK));
}

} // namespace

Disturbance::Disturbance(pid_t proxy, pid_t helper)
    : m_proxy(proxy), m_helper(helper), m_begin(Clock::now()), m_before(othersSeconds())
{}

double Disturbance::share() const
{
    const double seconds = std::chrono::duration<double>(Clock::now() - m_begin).count();
    const auto cores = static_cast<double>(sysconf(_SC_NPROCESSORS_ONLN));
    return std::clamp((othersSeconds() - m_before) / (seconds * cores), 0.0, 1.0);
}

double Disturbance::othersSeconds() const
{
    const double helper = m_helper != 0 ? processtree::cpuSeconds(m_helper) : 0;
    return busySeconds() - processtree::cpuSeconds(getpid()) - processtree::cpuSeconds(m_proxy)
        - helper;
}

} // namespace sami::bench
