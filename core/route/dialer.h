// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "base/endpoint.h"
#include "base/result.h"
#include "net/bytestream.h"
#include "net/dialfault.h"
#include "net/later.h"
#include "route/route.h"

#include <QByteArray>
#include <QHostAddress>
#include <QObject>

#include <algorithm>
#include <chrono>
#include <functional>
#include <optional>

namespace sami::route {

/// How long the steps of a successful dial took, from its start.
struct DialTimings
{
    Clock::duration resolved {};
    Clock::duration connected {};
    Clock::duration encrypted {}; ///< zero without TLS to the endpoint
    /// Until the first host was reached and TLS with it stood. Empty for a direct route, and if
    /// that connection already existed.
    std::optional<Clock::duration> first {};
    Clock::duration led {}; ///< until the whole route stood; zero for a direct one

    /// Until everything stood.
    [[nodiscard]] Clock::duration whole() const { return std::max({ connected, encrypted, led }); }
};

struct Dialled
{
    /// TCP_NODELAY and keepalive are set; reading is not enabled yet.
    net::StreamPtr stream;
    DialTimings timings;
    Route route {}; ///< the route it was dialled by
    /// Octets that arrived while the route was built; they precede everything that the stream will
    /// deliver. Empty for a direct dial.
    QByteArray early {};
    /// When the certificate of the route's first host expires.
    std::optional<WallTime> certificateUntil {};
};

class SetupTurns;
class WarmConnections;

/// Whether a parent may be dialled at this address; an empty filter allows every address.
using ParentFilter = std::function<bool(const SocketAddress &)>;

/// What a journey needs for routes through parents; the dialer of direct routes ignores it. Must
/// outlive the dial.
struct ParentTrip
{
    QByteArray via;                  ///< the value of a CONNECT's Via
    WarmConnections *warm = nullptr; ///< of the dial's thread; null: there are none
    SetupTurns *setups = nullptr;    ///< the same; null: nobody waits for a turn
    /// Whether parents may be asked to connect to the endpoint; if not, AddressRefused.
    std::function<bool(const Endpoint &)> mayTravel;
    ParentFilter parentFilter;
};

/// A request for an upstream connection.
struct DialRequest
{
    Endpoint endpoint;   ///< a name; or a literal, which never goes to the resolver
    bool tls = false;    ///< verified against endpoint.host, with SNI if it is a name
    Route route {};      ///< the way there
    QHostAddress client; ///< the client whose share of the resolver is used
    /// The budgets that the dial and its stream are charged to; never null, and outlive both.
    net::Budgets *budgets = nullptr;
    std::chrono::milliseconds timeout { 15'000 }; ///< for all steps together
    int tcpKeepaliveSeconds = 30;
    /// Called for each address of the route's first host; only addresses that it allows are
    /// dialled.
    std::function<bool(const QHostAddress &)> addressFilter;
    const ParentTrip *trip = nullptr; ///< for a ParentDialer
    /// Called from inside the dial once the route's first host is reached, and TLS with it stands
    /// if that is the next step. May be empty.
    std::function<void()> reached {};
};

using DialCallback = std::function<void(Result<Dialled, net::DialError>)>;

/// A dial under way. Destroying it cancels the dial: its callback is not called any more.
class DialOperation : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DialOperation)

public:
    DialOperation() = default;

    /// Called by DialPtr before the deferred deletion: closes what is under way and drops the
    /// callback.
    virtual void cancel() {}
};

using DialPtr = net::LaterPtr<DialOperation, &DialOperation::cancel>;

/// Dials upstream connections.
class Dialer
{
public:
    virtual ~Dialer() = default;

    /// Starts a dial. Calls back exactly once, from the event loop, never from inside this call,
    /// unless the operation is destroyed first. The callback may destroy the operation.
    [[nodiscard]] virtual DialPtr dial(const DialRequest &request, DialCallback callback) = 0;
};

} // namespace sami::route
