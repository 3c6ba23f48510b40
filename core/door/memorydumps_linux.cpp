// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "door/memorydumps.h"

#include <sys/prctl.h>

namespace sami::door {

void keepOutOfDumps()
{
    // The result is ignored: the call cannot fail with these arguments.
    ::prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L);
}

} // namespace sami::door
