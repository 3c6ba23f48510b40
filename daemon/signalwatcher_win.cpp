// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "daemon/signalwatcher.h"

#include <QPointer>

#include <windows.h>

namespace sami::daemon {

namespace {

QPointer<SignalWatcher> watcher;

/// Runs in a thread of the system's own; a queued call leads back.
BOOL WINAPI handleConsoleEvent(DWORD event)
{
    if (!watcher)
        return FALSE;
    QMetaObject::invokeMethod(watcher.data(), &SignalWatcher::terminateRequested,
                              Qt::QueuedConnection);
    // A closed console, a logoff and a shutdown end the process when this returns, or after some
    // seconds: all of them are the running work's. The process ends by itself meanwhile.
    if (event != CTRL_C_EVENT && event != CTRL_BREAK_EVENT)
        Sleep(INFINITE);
    return TRUE;
}

} // namespace

SignalHold::SignalHold() = default;

SignalHold::~SignalHold() = default;

SignalWatcher::SignalWatcher(QObject *parent) : QObject(parent)
{
    watcher = this;
    SetConsoleCtrlHandler(handleConsoleEvent, TRUE);
}

SignalWatcher::~SignalWatcher()
{
    SetConsoleCtrlHandler(handleConsoleEvent, FALSE);
}

void SignalWatcher::handleWake() {}

} // namespace sami::daemon
