// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

namespace sami::gui {

/// Sets the name, the desktop entry and the default window icon by which the desktop knows the
/// program. Call it once, before the first window and message box.
void setDesktopIdentity();

} // namespace sami::gui
