// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/epolldispatcher.h"
#include "net/eventdispatcher.h"

#include <QThread>

namespace sami::net {

namespace {

/// The calling thread's, if it is ours: PROXY_EVENT_DISPATCHER may ask for Qt's.
EpollDispatcher *ownDispatcher()
{
    return qobject_cast<EpollDispatcher *>(QAbstractEventDispatcher::instance());
}

} // namespace

void installEventDispatcher(QThread &thread)
{
    thread.setEventDispatcher(new EpollDispatcher); // the thread owns it
}

void expectClose(int descriptor)
{
    if (EpollDispatcher *dispatcher = ownDispatcher())
        dispatcher->expectClose(descriptor);
}

bool isReportedSound(int descriptor)
{
    const EpollDispatcher *dispatcher = ownDispatcher();
    return dispatcher && dispatcher->isReportedSound(descriptor);
}

} // namespace sami::net
