// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/app/terminal.h"

#include <unistd.h>

namespace sami::gui {

void attachToTerminal() {}

bool isReadInTerminal()
{
    return ::isatty(STDERR_FILENO) != 0;
}

} // namespace sami::gui
