// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

namespace sami::gui {

/// Connects standard output and error to the terminal that started the program. On Windows a
/// program with windows has neither; a pipe or a file that it was given stays. Does nothing
/// elsewhere.
void attachToTerminal();

/// Whether standard error is a terminal, where somebody reads it.
[[nodiscard]] bool isReadInTerminal();

} // namespace sami::gui
