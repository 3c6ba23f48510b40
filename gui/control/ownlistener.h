// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"

#include <functional>

QT_BEGIN_NAMESPACE
class QAbstractSocket;
QT_END_NAMESPACE

namespace sami::gui {

/// Is told the address and port that a connection of the program's own comes from:
/// ProxyController::expectOwn().
using AnnounceOwn = std::function<void(const SocketAddress &)>;

/// Connects a socket of this program to the own listener. Announced first, so that the proxy knows
/// it from the moment that it accepts it. Where the system gives no address to announce the socket
/// connects all the same, and counts as any other client. Any thread; the socket's.
void connectToOwnListener(QAbstractSocket &socket, const SocketAddress &listener,
                          const AnnounceOwn &announce);

} // namespace sami::gui
