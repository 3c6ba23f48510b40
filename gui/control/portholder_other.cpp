// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/control/portholder.h"

namespace sami::gui {

QString portHolder(quint16)
{
    return {};
}

} // namespace sami::gui
