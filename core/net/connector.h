// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"
#include "net/bytestream.h"
#include "net/dialfault.h"
#include "net/later.h"

#include <functional>
#include <optional>
#include <utility>

namespace sami::net {

/// One attempt to connect to one address over TCP. Has no deadline of its own. Held by
/// ConnectorPtr; releasing it ends the attempt, at any moment. Not a QObject: signals would cost
/// each attempt seven more allocations.
class Connector
{
    Q_DISABLE_COPY_MOVE(Connector)

public:
    /// Receives the outcome: empty if connected, otherwise the error.
    using Over = std::function<void(const std::optional<DialError> &)>;

    Connector() = default;
    virtual ~Connector();

    /// `over` is called once, from the event loop.
    void start(Over over)
    {
        m_over = std::move(over);
        begin();
    }
    /// Cancels the attempt. Idempotent.
    void abort()
    {
        m_isAborted = true;
        end();
    }

    /// Call once, after the attempt has connected.
    [[nodiscard]] virtual StreamPtr takeStream(Budgets &budgets) = 0;

protected:
    virtual void begin() = 0;
    virtual void end() = 0;
    /// Reports the outcome. Call it last, and only from the event loop.
    void conclude(const std::optional<DialError> &error)
    {
        if (!m_isAborted)
            m_over(error);
    }

private:
    Over m_over;
    bool m_isAborted = false;
};

/// May be released from inside its own call.
using ConnectorPtr = LaterPtr<Connector, &Connector::abort>;

/// The wording of a failed attempt for people, without addresses.
[[nodiscard]] DialError connectError(DialFault fault);

/// What EADDRNOTAVAIL from connect() means if no local address was bound: OutOfResources if all
/// ports are in use, Unreachable if the system has no address of that family.
[[nodiscard]] DialFault faultWithoutLocalAddress(const SocketAddress &destination);

} // namespace sami::net
