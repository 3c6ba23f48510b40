// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "daemon/console.h"

#include <termios.h>
#include <unistd.h>

namespace sami::daemon {

void prepareConsole() {}

bool showTyping(bool isShown)
{
    struct termios settings = {};
    if (::tcgetattr(STDIN_FILENO, &settings) != 0)
        return false;
    settings.c_lflag = isShown ? settings.c_lflag | ECHO : settings.c_lflag & ~tcflag_t(ECHO);
    return ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings) == 0;
}

} // namespace sami::daemon
