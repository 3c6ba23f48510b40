// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/eventdispatcher.h"

namespace sami::net {

void installEventDispatcher(QThread &) {}

} // namespace sami::net
