// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"

#include <functional>

QT_BEGIN_NAMESPACE
class QAbstractSocket;
QT_END_NAMESPACE

namespace sami::gui {

/// Gets the source address and port of one of the program's own connections:
/// ProxyController::expectOwn().
using AnnounceOwn = std::function<void(const SocketAddress &)>;

/// Connects a socket of this program to our own listener. Announces it first, so that the proxy
/// recognises it from the moment it accepts it. If the system gives no address to announce, the
/// socket connects anyway and counts as any other client. Any thread: the socket's.
void connectToOwnListener(QAbstractSocket &socket, const SocketAddress &listener,
                          const AnnounceOwn &announce);

} // namespace sami::gui
