// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

namespace sami::gui {

/// Makes standard output and error reach the terminal that started the program. On Windows a
/// program with windows has neither; a pipe or a file that it was given stays. Elsewhere there is
/// nothing to do.
void attachToTerminal();

} // namespace sami::gui
