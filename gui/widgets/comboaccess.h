// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

namespace sami::gui {

/// Lets combo boxes be heard by their names. Qt 6.4 tells a screen reader on Linux what is chosen
/// in one as its name, too, and nothing of what is being chosen. Once a program; main thread.
void giveCombosNames();

} // namespace sami::gui
