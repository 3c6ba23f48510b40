// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "daemon/signalwatcher.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <sys/socket.h>
#include <unistd.h>

namespace sami::daemon {

namespace {

/// Written to by the handler, read by the event loop.
std::array<int, 2> pair { -1, -1 };

void handleSignal(int number)
{
    // Only what is async-signal-safe; errno belongs to whoever was interrupted.
    const int saved = errno;
    const char octet = number == SIGHUP ? 'H' : 'T';
    [[maybe_unused]] const ssize_t written = ::write(pair[1], &octet, 1);
    errno = saved;
}

void install(int number)
{
    struct sigaction action
    {};
    action.sa_handler = handleSignal;
    action.sa_flags = SA_RESTART;
    sigaction(number, &action, nullptr);
}

} // namespace

SignalWatcher::SignalWatcher(QObject *parent) : QObject(parent)
{
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, pair.data()) != 0)
        return;
    m_notifier = new QSocketNotifier(pair[0], QSocketNotifier::Read, this);
    connect(m_notifier, &QSocketNotifier::activated, this, &SignalWatcher::handleOctet);
    install(SIGTERM);
    install(SIGINT);
    install(SIGHUP);
    // A peer that is gone is an error of one write, not the end of the process.
    std::signal(SIGPIPE, SIG_IGN);
}

SignalWatcher::~SignalWatcher() = default;

void SignalWatcher::handleOctet()
{
    char octet = 0;
    if (::read(pair[0], &octet, 1) != 1)
        return;
    if (octet == 'H')
        Q_EMIT reloadRequested();
    else
        Q_EMIT terminateRequested();
}

} // namespace sami::daemon
