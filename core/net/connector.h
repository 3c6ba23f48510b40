// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"
#include "net/bytestream.h"
#include "net/dialfault.h"
#include "net/later.h"

#include <QObject>

#include <memory>

namespace sami::net {

/// One attempt to connect to one address over TCP. Has no deadline of its own. Held by
/// ConnectorPtr; releasing it ends the attempt, at any moment.
class Connector : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Connector)

public:
    Connector() = default;

    virtual void start() = 0;
    /// Cancels the attempt. Idempotent.
    virtual void abort() = 0;

    /// After connected(), once.
    [[nodiscard]] virtual StreamPtr takeStream(Budgets &budgets) = 0;

Q_SIGNALS:
    // Emits exactly one of these, from the event loop.
    void connected();
    void failed(const sami::net::DialError &error);

protected:
    /// Emits failed() from the event loop.
    void failLater(DialFault fault);
};

/// May be released in a slot of its own signal.
using ConnectorPtr = LaterPtr<Connector, &Connector::abort>;

/// The wording of a failed attempt for people, without addresses.
[[nodiscard]] DialError connectError(DialFault fault);

/// What EADDRNOTAVAIL from connect() means if no local address was bound: OutOfResources if all
/// ports are in use, Unreachable if the system has no address of that family.
[[nodiscard]] DialFault faultWithoutLocalAddress(const SocketAddress &destination);

} // namespace sami::net
