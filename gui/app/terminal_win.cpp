// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/app/terminal.h"

#include <cstdio>
#include <io.h>
#include <windows.h>

namespace sami::gui {

namespace {

bool isGiven(DWORD standard)
{
    const HANDLE handle = GetStdHandle(standard);
    return handle && handle != INVALID_HANDLE_VALUE && GetFileType(handle) != FILE_TYPE_UNKNOWN;
}

void openConsole(std::FILE *file)
{
    std::FILE *opened = nullptr;
    freopen_s(&opened, "CONOUT$", "w", file);
}

} // namespace

void attachToTerminal()
{
    const bool hasOutput = isGiven(STD_OUTPUT_HANDLE);
    const bool hasError = isGiven(STD_ERROR_HANDLE);
    if (!AttachConsole(ATTACH_PARENT_PROCESS))
        return; // started from a desktop, without a terminal
    SetConsoleOutputCP(CP_UTF8);
    if (!hasOutput)
        openConsole(stdout);
    if (!hasError)
        openConsole(stderr);
}

bool isReadInTerminal()
{
    return _isatty(_fileno(stderr)) != 0;
}

} // namespace sami::gui
