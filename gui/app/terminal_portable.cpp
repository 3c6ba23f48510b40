// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/app/terminal.h"

namespace sami::gui {

void attachToTerminal() {}

} // namespace sami::gui
