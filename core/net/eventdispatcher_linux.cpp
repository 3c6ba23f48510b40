// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/epolldispatcher.h"
#include "net/eventdispatcher.h"

#include <QThread>

namespace sami::net {

void installEventDispatcher(QThread &thread)
{
    thread.setEventDispatcher(new EpollDispatcher); // the thread owns it
}

} // namespace sami::net
