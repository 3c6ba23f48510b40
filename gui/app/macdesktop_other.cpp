// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/app/macdesktop.h"

namespace sami::gui::macdesktop {

void listen(Events) {}

void setInDock(bool) {}

bool trayClickOpensMenu()
{
    return false;
}

} // namespace sami::gui::macdesktop
