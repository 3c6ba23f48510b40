// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "daemon/signalwatcher.h"

#include <QPointer>

#include <windows.h>

namespace sami::daemon {

namespace {

QPointer<SignalWatcher> watcher;

/// Runs in a thread of the system; a queued call leads back to ours.
BOOL WINAPI handleConsoleEvent(DWORD event)
{
    if (!watcher)
        return FALSE;
    QMetaObject::invokeMethod(watcher.data(), &SignalWatcher::terminateRequested,
                              Qt::QueuedConnection);
    // When the console closes, or at logoff or shutdown, the process ends when this returns, or
    // some seconds later. Running work gets all of that time, and the process may end by itself
    // meanwhile.
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
