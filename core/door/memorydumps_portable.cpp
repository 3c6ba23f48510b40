// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "door/memorydumps.h"

namespace sami::door {

void keepOutOfDumps() {}

} // namespace sami::door
