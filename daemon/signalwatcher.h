// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>
#include <QtGlobal>

#ifndef Q_OS_WIN
#include <csignal>
#endif

namespace sami::daemon {

/// While one exists, SIGTERM, SIGINT and SIGHUP wait in the kernel, one of each; they arrive when
/// it is destroyed. Threads that are started meanwhile never get them: the main thread holds them
/// whenever it starts one, so no thread that carries octets is ever interrupted. Windows has no
/// such signals.
class SignalHold
{
    Q_DISABLE_COPY_MOVE(SignalHold)

public:
    SignalHold();
    ~SignalHold();

#ifndef Q_OS_WIN
private:
    sigset_t m_before;
#endif
};

/// Turns the process's signals into Qt signals: the handler only records the signal and writes an
/// octet to a socket pair, which never blocks; the rest happens in the event loop. Signals that
/// arrive faster are combined: any number of reloads is one, more than one termination is two, and
/// terminations come before a reload. One instance, in the main thread.
class SignalWatcher : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SignalWatcher)

public:
    explicit SignalWatcher(QObject *parent = nullptr);
    ~SignalWatcher() override;

Q_SIGNALS:
    void terminateRequested(); ///< SIGTERM, SIGINT; the console's Ctrl+C
    void reloadRequested();    ///< SIGHUP

private:
    void handleWake();
};

} // namespace sami::daemon
