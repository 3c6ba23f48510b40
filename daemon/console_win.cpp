// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "daemon/console.h"

#include <windows.h>

namespace sami::daemon {

void prepareConsole()
{
    // Of the console alone: a pipe or a file gets the octets as they are.
    SetConsoleOutputCP(CP_UTF8);
}

} // namespace sami::daemon
