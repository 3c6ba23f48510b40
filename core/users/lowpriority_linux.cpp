// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "users/lowpriority.h"

#include <sys/resource.h>

namespace sami::users {

void lowerOwnPriority()
{
    // On Linux a nice value belongs to a thread (sched(7)); 0 means the calling one. QThread's
    // priorities have no effect there.
    constexpr int lowest = 19;
    static_cast<void>(::setpriority(PRIO_PROCESS, 0, lowest));
}

} // namespace sami::users
