// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "daemon/console.h"

#include <windows.h>

namespace sami::daemon {

void prepareConsole()
{
    // For the console only: a pipe or a file gets the octets as they are.
    SetConsoleOutputCP(CP_UTF8);
}

bool showTyping(bool isShown)
{
    const HANDLE input = GetStdHandle(STD_INPUT_HANDLE);
    DWORD mode = 0;
    if (!GetConsoleMode(input, &mode))
        return false;
    mode = isShown ? mode | ENABLE_ECHO_INPUT : mode & ~DWORD(ENABLE_ECHO_INPUT);
    return SetConsoleMode(input, mode) != 0;
}

} // namespace sami::daemon
