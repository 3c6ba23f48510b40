// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

namespace sami::gui {

/// What the desktop knows the program by: its name, its desktop entry, and the icon of every
/// window that has none of its own. Once, before the first window and message box.
void introduceProgram();

} // namespace sami::gui
