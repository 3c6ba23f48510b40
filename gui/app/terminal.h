// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

namespace sami::gui {

/// Connects standard output and error to the terminal that started the program: on Windows a
/// program with windows has neither. A pipe or a file that the program was given stays. Does
/// nothing on other systems.
void attachToTerminal();

/// Whether standard error is a terminal, where somebody reads it.
[[nodiscard]] bool isReadInTerminal();

} // namespace sami::gui
