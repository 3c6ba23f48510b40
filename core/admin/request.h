// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "admin/router.h"
#include "admin/tokens.h"
#include "http/messagehead.h"

#include <QByteArray>
#include <QHostAddress>

#include <optional>

namespace sami::admin {

/// The peer of a connection, and the door that it came to. A value.
struct Visitor
{
    QHostAddress address;   ///< null for a Unix socket
    QHostAddress reachedAt; ///< the address that was called; null for a Unix socket
    QByteArray from;        ///< for the audit line: "192.0.2.7:4711", "unix uid=0"
    Router::Door door = Router::Door::Admin;
    bool isLocalPeer = false; ///< on a Unix socket, as our own user or root
    bool speaksTls = false;   ///< as the door does
};

/// The client that sends a request, and what it may do. A value.
struct AdminCaller
{
    QByteArray name; ///< the token's; empty for a peer of the Unix socket that shows no token
    Right right = Right::None;
    QByteArray from;
    QHostAddress address; ///< null at a Unix socket
    std::optional<Token> token;
};

/// A request that may be served. A value.
struct Request
{
    AdminCaller caller;
    Match match;
    http::RequestHead head;
    QByteArray body;
};

} // namespace sami::admin
