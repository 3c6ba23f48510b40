// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"

#include <functional>

QT_BEGIN_NAMESPACE
class QAbstractSocket;
QT_END_NAMESPACE

namespace sami::gui {

/// Receives the source address and port of a connection that this program is about to make. Usually
/// calls ProxyController::expectOwn().
using AnnounceOwn = std::function<void(const SocketAddress &)>;

/// Connects a socket of this program to our own listener. Announces the socket first, so that the
/// proxy knows whose connection it accepts. If the socket cannot be bound, or `announce` is empty,
/// the socket connects anyway and counts as any other client. Call it in the socket's thread.
void connectToOwnListener(QAbstractSocket &socket, const SocketAddress &listener,
                          const AnnounceOwn &announce);

} // namespace sami::gui
