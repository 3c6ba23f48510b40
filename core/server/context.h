// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/books.h"
#include "config/settings.h"
#include "net/budgets.h"
#include "net/tlscontext.h"
#include "policy/accesspolicy.h"
#include "route/dialer.h"
#include "route/parentdialer.h"
#include "route/upstreampool.h"
#include "server/gatekeeper.h"
#include "server/machinebounds.h"
#include "server/octetbudget.h"
#include "server/places.h"
#include "server/userplaces.h"
#include "users/passwordchecks.h"
#include "users/roster.h"

#include <QByteArray>
#include <QList>

#include <atomic>
#include <memory>

namespace sami::net {
class TlsContext;
}

namespace sami::route {
class SetupTurns;
class WarmConnections;
} // namespace sami::route

namespace sami::server {

class HandshakeTurns;

/// What one apply() published: the settings, the deciders built from them, the dialer. Immutable; a
/// running request keeps the one it began with.
struct ActiveSettings
{
    config::Settings settings;
    policy::AccessPolicy policy;
    std::shared_ptr<route::Dialer> dialer; ///< thread-safe: it holds shared parts only
    policy::OwnNetworks ownNetworks;       ///< as far as the system could say
    /// Grows with each publication. What outlives a request (an upstream connection) belongs to the
    /// generation that admitted it, and serves no request of another.
    quint64 generation = 0;
    QByteArray keepAlive {}; ///< the Keep-Alive hint for kept clients: http::keepAliveHint()
    /// What the doors show to TLS clients; null if the doors have no TLS.
    std::shared_ptr<const net::TlsContext> identity {};
    /// The same dialer when it uses parents; null if there are none.
    std::shared_ptr<route::ParentDialer> parents {};
    QList<QByteArray> ownNames {}; ///< of this machine; set if there are parents
    users::RosterPtr users {};     ///< of the users file; null where there is none
};
using ActiveSettingsPtr = std::shared_ptr<const ActiveSettings>;

/// What all workers of one proxy share. Every member is thread-safe.
struct SharedState
{
    SharedState(const ActiveSettings &first, const MachineBounds &machine, QByteArray viaPseudonym,
                TimePoint now)
        : bounds(machine), places(machine.heard),
          gatekeeper(std::make_shared<Gatekeeper>(first.settings.access.guard,
                                                  first.policy.authenticator(), first.users)),
          keptInput(machine.keptInputBytes), tlsLegs(machine.tlsLegBytes),
          tlsClients(machine.tlsClientBytes), pseudonym(std::move(viaPseudonym)), startedAt(now)
    {
        budgets.pipes.setLimit(machine.pipes);
        budgets.pending.setLimit(machine.pendingBytes);
        budgets.extras.setLimit(machine.extras);
    }

    const MachineBounds bounds;
    net::Budgets budgets; ///< of the streams; outlives them, as they end with the workers
    Places places;
    account::Books books;
    /// Shared with the password checks: a verdict on its way may outlive this struct.
    const std::shared_ptr<Gatekeeper> gatekeeper;
    users::PasswordChecks passwordChecks; ///< starts no thread until there is something to check
    UserPlaces userPlaces;
    OctetBudget keptInput;      ///< the clients' input, and heads and trailers of answers
    OctetBudget tlsLegs;        ///< TLS to upstreams
    OctetBudget tlsClients;     ///< TLS with clients: anybody can cause it, without a password
    const QByteArray pseudonym; ///< "sami-XXXXXXXX", drawn at each start
    const TimePoint startedAt;
    std::atomic<bool> draining { false };
    std::atomic<bool> saidFakeAddress { false }; ///< so that it is logged once
};

/// What a worker lends its sessions. Outlives them; used in the worker's thread only.
struct WorkerContext
{
    SharedState *shared = nullptr;
    ActiveSettingsPtr active;
    route::UpstreamPool *pool = nullptr;
    HandshakeTurns *handshakes = nullptr;   ///< null: each is taken at once
    route::WarmConnections *warm = nullptr; ///< to parents; null: there are none
    route::SetupTurns *setups = nullptr;    ///< to parents; null: none has to wait
};

} // namespace sami::server
