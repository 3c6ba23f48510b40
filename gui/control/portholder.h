// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

namespace sami::gui {

/// The program that listens on that TCP port, "python3 (4711)": name and process id, as far as the
/// system tells this user. Empty where it does not, and where several programs listen: nothing is
/// guessed. Reads /proc; takes milliseconds. Any thread.
[[nodiscard]] QString portHolder(quint16 port);

} // namespace sami::gui
