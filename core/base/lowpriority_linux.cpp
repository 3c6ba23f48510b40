// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "base/lowpriority.h"

#include <sys/resource.h>

namespace sami {

void lowerOwnPriority(LowPriority priority)
{
    // On Linux a nice value belongs to a thread (sched(7)); 0 means the calling one. QThread's
    // priorities have no effect there. A thread at 10 has a tenth of the share of one at 0.
    constexpr int belowStreams = 10;
    constexpr int lowest = 19;
    const int value = priority == LowPriority::Lowest ? lowest : belowStreams;
    static_cast<void>(::setpriority(PRIO_PROCESS, 0, value));
}

} // namespace sami
