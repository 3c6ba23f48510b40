// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/clipboard.h"

namespace sami::gui {

void registerConcealedFormat() {}

} // namespace sami::gui
