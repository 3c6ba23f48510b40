// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QHostAddress>

#include <optional>

namespace sami::gui {

/// The first port from `from` on that this program can open at that address now, tried as the proxy
/// does it; none among the next hundred, or none up to 65535. Takes microseconds a port; a
/// listener that is opened is closed before anybody is accepted. Any thread.
[[nodiscard]] std::optional<quint16> nextFreePort(const QHostAddress &address, quint16 from);

} // namespace sami::gui
