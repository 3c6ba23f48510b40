// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QHostAddress>

#include <optional>

namespace sami::gui {

/// The first port from `from` on that can be opened at that address now, tried as the proxy opens
/// it; none if the next hundred ports, or those up to 65535, are taken. Takes microseconds a port.
/// Each listener closes before it accepts anything. Any thread.
[[nodiscard]] std::optional<quint16> nextFreePort(const QHostAddress &address, quint16 from);

} // namespace sami::gui
