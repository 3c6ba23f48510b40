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
/// ConnectorPtr, which may be let go at any moment: that ends the attempt.
class Connector : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Connector)

public:
    Connector() = default;

    virtual void start() = 0;
    /// Closes what is under way. Idempotent.
    virtual void abort() = 0;

    /// After connected(), once.
    [[nodiscard]] virtual StreamPtr takeStream(Budgets &budgets) = 0;

Q_SIGNALS:
    // Exactly one of these, from the event loop.
    void connected();
    void failed(const sami::net::DialError &error);

protected:
    /// Emits failed() from the event loop.
    void failLater(DialFault fault);
};

/// May be let go in a slot of its own signal.
using ConnectorPtr = LaterPtr<Connector, &Connector::abort>;

/// What a person is told about a failed attempt, without addresses.
[[nodiscard]] DialError connectError(DialFault fault);

/// Why a connection to there got no address of its own (EADDRNOTAVAIL), though nobody bound one:
/// OutOfResources when all ports are in use, Unreachable when the system has no address of that
/// family at all.
[[nodiscard]] DialFault faultWithoutLocalAddress(const SocketAddress &destination);

} // namespace sami::net
