// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "daemon/console.h"

#include <array>
#include <csignal>
#include <termios.h>
#include <unistd.h>

namespace sami::daemon {

namespace {

constexpr std::array endings { SIGHUP, SIGINT, SIGQUIT, SIGTERM };

/// The terminal as the signal's handler leaves it.
struct termios shown = {};

/// Only what is async-signal-safe. The second signal meets the system's own handling, and is
/// delivered when this returns.
void showAndEnd(int number)
{
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
    ::raise(number);
}

void handleEndings(void (*handler)(int))
{
    for (const int number : endings) {
        struct sigaction action = {};
        // What nohup has them ignore stays ignored.
        if (::sigaction(number, nullptr, &action) != 0 || action.sa_handler == SIG_IGN)
            continue;
        action = {};
        action.sa_handler = handler;
        action.sa_flags = SA_RESETHAND;
        ::sigaction(number, &action, nullptr);
    }
}

} // namespace

void prepareConsole() {}

bool showTyping(bool isShown)
{
    struct termios settings = {};
    if (::tcgetattr(STDIN_FILENO, &settings) != 0)
        return false;
    settings.c_lflag |= tcflag_t(ECHO);
    shown = settings;
    if (!isShown) {
        settings.c_lflag &= ~tcflag_t(ECHO);
        handleEndings(&showAndEnd);
    }
    const bool isDone = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings) == 0;
    if (isShown || !isDone)
        handleEndings(SIG_DFL);
    return isDone;
}

} // namespace sami::daemon
