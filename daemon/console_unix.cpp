// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "daemon/console.h"

namespace sami::daemon {

void prepareConsole() {}

} // namespace sami::daemon
