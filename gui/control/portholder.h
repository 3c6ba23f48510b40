// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

namespace sami::gui {

/// The program that listens on that TCP port, by name and process id: "python3 (4711)". Empty if
/// the system does not tell this user, or if several processes hold the port: nothing is guessed.
/// Always empty except on Linux. Reads /proc; takes milliseconds. Any thread.
[[nodiscard]] QString portHolder(quint16 port);

} // namespace sami::gui
