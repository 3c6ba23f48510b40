// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "daemon/signalwatcher.h"

#include <QPointer>
#include <QSocketNotifier>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sami::daemon {

namespace {

constexpr std::array orders { SIGTERM, SIGINT, SIGHUP };

/// The second termination cuts; a third has no effect.
constexpr int terminationsThatCount = 2;

/// The handler writes to it, the event loop reads from it.
std::array<int, 2> pair { -1, -1 };

// What the handler records. Lock-free, as a signal handler requires.
std::atomic<int> terminations { 0 };
std::atomic<bool> reloadWanted { false };
/// An octet is on its way: one wakes the loop as well as a thousand, and can never fill the pair.
std::atomic<bool> woken { false };
static_assert(std::atomic<int>::is_always_lock_free && std::atomic<bool>::is_always_lock_free);

void handleSignal(int number)
{
    // Only what is async-signal-safe; errno belongs to the interrupted code.
    const int saved = errno;
    if (number == SIGHUP)
        reloadWanted.store(true);
    else if (terminations.load() < terminationsThatCount)
        terminations.fetch_add(1);
    if (!woken.exchange(true)) {
        [[maybe_unused]] const ssize_t written = ::write(pair[1], "", 1);
    }
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

SignalHold::SignalHold()
{
    sigset_t held;
    sigemptyset(&held);
    for (const int order : orders)
        sigaddset(&held, order);
    pthread_sigmask(SIG_BLOCK, &held, &m_before);
}

SignalHold::~SignalHold()
{
    pthread_sigmask(SIG_SETMASK, &m_before, nullptr);
}

SignalWatcher::SignalWatcher(QObject *parent) : QObject(parent)
{
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, pair.data()) != 0)
        return;
    for (const int end : pair) {
        ::fcntl(end, F_SETFL, O_NONBLOCK);
        ::fcntl(end, F_SETFD, FD_CLOEXEC);
    }
    auto *notifier = new QSocketNotifier(pair[0], QSocketNotifier::Read, this);
    connect(notifier, &QSocketNotifier::activated, this, &SignalWatcher::handleWake);
    for (const int order : orders)
        install(order);
    // A peer that is gone is an error of one write, not the end of the process.
    std::signal(SIGPIPE, SIG_IGN);
    // A log at its size limit is like a full disk: the write fails, and the line is counted.
    std::signal(SIGXFSZ, SIG_IGN);
}

SignalWatcher::~SignalWatcher() = default;

void SignalWatcher::handleWake()
{
    char octet = 0;
    while (::read(pair[0], &octet, 1) == 1) {}
    // Before the records are read: a signal from here on wakes the loop again.
    woken.store(false);
    const int terminationsNow = terminations.exchange(0);
    const bool reloadNow = reloadWanted.exchange(false);
    const QPointer<SignalWatcher> self(this);
    for (int i = 0; self && i < terminationsNow; ++i)
        Q_EMIT terminateRequested();
    if (self && reloadNow)
        Q_EMIT reloadRequested();
}

} // namespace sami::daemon
