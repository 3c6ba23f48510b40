// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

namespace sami::gui {

/// Makes screen readers read combo boxes by name. On Linux, Qt 6.4 gives the current choice as the
/// name too, so nothing says what is being chosen. Call once per program. Main thread.
void giveCombosNames();

} // namespace sami::gui
