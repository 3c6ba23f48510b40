// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/app/terminationsignals.h"

#include <QPointer>
#include <QSocketNotifier>

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sami::gui {

namespace {

/// The handler writes to it, the event loop reads from it.
std::array<int, 2> pair { -1, -1 };

void handleSignal(int)
{
    // Only async-signal-safe calls are allowed here, and errno belongs to the interrupted code. A
    // full pair does no harm: enough wake-ups are on their way.
    const int saved = errno;
    [[maybe_unused]] const ssize_t written = ::write(pair[1], "", 1);
    errno = saved;
}

void install(int number)
{
    struct sigaction action
    {};
    if (sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN)
        return;
    action = {};
    action.sa_handler = handleSignal;
    action.sa_flags = SA_RESTART;
    sigaction(number, &action, nullptr);
}

} // namespace

TerminationSignals::TerminationSignals(QObject *parent) : QObject(parent)
{
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, pair.data()) != 0)
        return;
    for (const int end : pair) {
        ::fcntl(end, F_SETFL, O_NONBLOCK);
        ::fcntl(end, F_SETFD, FD_CLOEXEC);
    }
    auto *notifier = new QSocketNotifier(pair[0], QSocketNotifier::Read, this);
    connect(notifier, &QSocketNotifier::activated, this, [self = QPointer(this)] {
        char octet = 0;
        while (self && ::read(pair[0], &octet, 1) == 1)
            Q_EMIT self->requested();
    });
    for (const int number : { SIGTERM, SIGINT, SIGHUP })
        install(number);
}

TerminationSignals::~TerminationSignals() = default;

} // namespace sami::gui
