// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QHostAddress>

#include <optional>

namespace sami::gui {

/// The first port from `from` on that can be opened at that address now. Opens each port as the
/// proxy would, and closes it before it accepts anything; this takes microseconds per port. Returns
/// nothing if a hundred ports, or all up to 65535, are taken. Any thread.
[[nodiscard]] std::optional<quint16> nextFreePort(const QHostAddress &address, quint16 from);

} // namespace sami::gui
