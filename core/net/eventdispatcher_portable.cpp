// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/eventdispatcher.h"

namespace sami::net {

void installEventDispatcher(QThread &) {}

void expectClose(int) {}

bool isReportedSound(int)
{
    return false;
}

} // namespace sami::net
