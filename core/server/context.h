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
}

namespace sami::server {

class HandshakeTurns;

/// What one apply() published: the settings, the deciders made of them, the way out. Immutable;
/// a running request keeps the one it began with.
struct ActiveSettings
{
    config::Settings settings;
    policy::AccessPolicy policy;
    std::shared_ptr<route::Dialer> dialer; ///< thread-safe to share: it holds shared parts only
    policy::OwnNetworks ownNetworks;       ///< as far as the system could say
    /// One more with each that is published. What outlives a request (an upstream connection) is of
    /// the generation that let it be, and serves no request of another.
    quint64 generation = 0;
    QByteArray keepAlive {}; ///< what kept clients are told of their time: http::keepAliveHint()
    /// What the doors show to clients that speak TLS; null where there is no TLS at the door.
    std::shared_ptr<const net::TlsContext> identity {};
    /// The dialer once more, where it goes by parents; null where there are none.
    std::shared_ptr<route::ParentDialer> parents {};
    QList<QByteArray> ownNames {}; ///< of this machine; where there are parents
    users::RosterPtr users {};     ///< of the users file; null where there is none
};
using ActiveSettingsPtr = std::shared_ptr<const ActiveSettings>;

/// What all workers of one proxy share. Every member is thread-safe.
struct SharedState
{
    SharedState(const ActiveSettings &first, const MachineBounds &machine, QByteArray viaPseudonym,
                TimePoint now)
        : bounds(machine), places(machine.heard),
          gatekeeper(first.settings.access.guard, first.policy.authenticator(), first.users),
          keptInput(machine.keptInputBytes), tlsLegs(machine.tlsLegBytes),
          tlsClients(machine.tlsClientBytes), pseudonym(std::move(viaPseudonym)), startedAt(now)
    {
        budgets.pipes.setLimit(machine.pipes);
        budgets.pending.setLimit(machine.pendingBytes);
        budgets.extras.setLimit(machine.extras);
    }

    const MachineBounds bounds;
    net::Budgets budgets; ///< of the streams, which end with the workers, before this
    Places places;
    account::Books books;
    Gatekeeper gatekeeper;
    users::PasswordChecks passwordChecks; ///< no thread before there is something to check
    UserPlaces userPlaces;
    OctetBudget keptInput;      ///< of what clients sent, and heads and trailers of answers
    OctetBudget tlsLegs;        ///< of TLS to upstreams
    OctetBudget tlsClients;     ///< of TLS with clients, which takes no password
    const QByteArray pseudonym; ///< "sami-XXXXXXXX", drawn at each start
    const TimePoint startedAt;
    std::atomic<bool> draining { false };
    std::atomic<bool> saidFakeAddress { false }; ///< in the log, once
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
