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
    // Of a route that is not direct, and zero otherwise.
    Clock::duration first {}; ///< the first host was reached, and TLS with it stands
    Clock::duration led {};   ///< the route stands

    /// When all of it stood.
    [[nodiscard]] Clock::duration whole() const { return std::max({ connected, encrypted, led }); }
};

struct Dialled
{
    /// TCP_NODELAY and keepalive are set; reading is not enabled yet.
    net::StreamPtr stream;
    DialTimings timings;
    Route route {}; ///< that it was made by
    /// What came over it while it was made, before anything that the stream will say. Whoever dials
    /// directly gets none.
    QByteArray early {};
    /// Until when the certificate is good that the first host of the route has shown for it.
    std::optional<WallTime> certificateUntil {};
};

class WarmConnections;

/// Whether a parent may be dialled at this address; empty: at any.
using ParentFilter = std::function<bool(const SocketAddress &)>;

/// What a journey brings along for ways through parents; the dialer of direct ways looks at none of
/// it. Outlives the dial.
struct ParentTrip
{
    QByteArray via;                  ///< the value of a CONNECT's Via
    WarmConnections *warm = nullptr; ///< of the dial's thread; null: there are none
    /// Asked for the endpoint before any parent is asked to lead there; false: AddressRefused.
    std::function<bool(const Endpoint &)> mayTravel;
    ParentFilter parentFilter;
};

/// One wish for an upstream connection.
struct DialRequest
{
    Endpoint endpoint;   ///< a name, or a literal, which never goes to the resolver
    bool tls = false;    ///< verified against endpoint.host, SNI where it is a name
    Route route {};      ///< the way there
    QHostAddress client; ///< whom the resolver charges
    /// What the dial and its stream are charged to; never null, and outlives both.
    net::Budgets *budgets = nullptr;
    std::chrono::milliseconds timeout { 15'000 }; ///< all steps together
    int tcpKeepaliveSeconds = 30;
    /// Asked for each address of the first host of the route; only an address it passes is ever
    /// dialled.
    std::function<bool(const QHostAddress &)> addressFilter;
    const ParentTrip *trip = nullptr; ///< for a ParentDialer
};

using DialCallback = std::function<void(Result<Dialled, net::DialError>)>;

/// A dial under way. Letting it go cancels it: nothing is called back any more.
class DialOperation : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DialOperation)

public:
    DialOperation() = default;

    /// Called by DialPtr before the deferred deletion: closes what is under way and forgets
    /// the callback.
    virtual void cancel() {}
};

using DialPtr = net::LaterPtr<DialOperation, &DialOperation::cancel>;

/// Makes upstream connections.
class Dialer
{
public:
    virtual ~Dialer() = default;

    /// Starts; calls back exactly once from the event loop, never from inside, unless the
    /// operation is let go first. The callback may let the operation go.
    [[nodiscard]] virtual DialPtr dial(const DialRequest &request, DialCallback callback) = 0;
};

} // namespace sami::route
