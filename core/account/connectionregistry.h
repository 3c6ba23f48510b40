// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/enumranges.h"
#include "account/snapshot.h"
#include "base/clock.h"
#include "net/traffic.h"
#include "policy/caller.h"

#include <QHash>
#include <QList>

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>

namespace sami::account {

/// The registry's row for one live connection. Counters are atomics, written by the worker that
/// owns the session; the texts change once per request, under their own lock.
class ConnectionRecord
{
    Q_DISABLE_COPY_MOVE(ConnectionRecord)

public:
    ConnectionRecord(quint64 id, const SocketAddress &client, TimePoint now);

    const quint64 id;
    const TimePoint acceptedAt;
    const WallTime connectedAt = WallClock::now(); ///< the same, for people
    net::Traffic traffic;
    std::atomic<ConnectionPhase> phase { ConnectionPhase::AwaitingRequest };
    std::atomic<quint32> requests { 0 };
    std::atomic<Entrance> entrance { Entrance {} };
    bool isOwn = false; ///< the shell's own (ConnectionRegistry::expectOwn()); set by add()

    // The client's identity. For the owner's thread only, like the two functions that change it.
    [[nodiscard]] const SocketAddress &client() const { return m_client; }
    [[nodiscard]] policy::Caller caller() const
    {
        return policy::Caller(m_client.address, m_known);
    }
    /// The balancer that passes the connection on; empty if the client connects directly.
    [[nodiscard]] const std::optional<QHostAddress> &via() const { return m_via; }
    /// The peer is a balancer, and passes on this client.
    void setClient(const SocketAddress &client);
    /// The peer is a balancer, and names no client.
    void setUnnamed() { m_known = policy::Caller::Known::NotAtAll; }

    /// Describes the current request; replaces the last one's texts and timings.
    void describe(TimePoint began, QByteArray user, QByteArray method, QByteArray target,
                  Endpoint endpoint);
    void setDial(Clock::duration duration);
    void setRoute(QByteArray name);
    [[nodiscard]] ConnectionSnapshot snapshot(TimePoint now) const;

private:
    mutable std::mutex m_mutex;
    SocketAddress m_client;
    std::optional<QHostAddress> m_via;
    policy::Caller::Known m_known = policy::Caller::Known::ByConnection; ///< owner thread only
    QByteArray m_user;
    QByteArray m_method;
    QByteArray m_target;
    Endpoint m_endpoint;
    QByteArray m_route;
    std::optional<Clock::duration> m_dial;
    TimePoint m_workBegan;
};

class ConnectionRegistry;

/// A connection's row in the registry, from its start to its end. The connection's owner owns it,
/// in whichever thread. Its destructor removes the row and adds its octets to those of the ended
/// connections. There is no other way to remove a row, so none is counted twice. The registry must
/// outlive it.
class Registration
{
    Q_DISABLE_COPY(Registration)

public:
    Registration(Registration &&other) noexcept;
    ~Registration();

    // Not valid after a move.
    [[nodiscard]] ConnectionRecord &operator*() const { return *m_record; }
    [[nodiscard]] ConnectionRecord *operator->() const { return m_record; }

private:
    friend class ConnectionRegistry;
    Registration(ConnectionRegistry &registry, ConnectionRecord &record);

    ConnectionRegistry *m_registry;
    ConnectionRecord *m_record; ///< the registry's; null after a move
};

/// How many live connections are in which phase, by protocol and TLS version. A value.
struct Census
{
    Totals totals; ///< without `requests` and `refused`
    PerValue<ConnectionPhase, PerValue<FrontKind, PerValue<TlsVersion, quint32>>> live;
};

/// All live connections of all workers. Locked when a connection starts or ends and for a snapshot,
/// never in the byte path. Thread-safe.
class ConnectionRegistry
{
public:
    /// Adds a row, which lasts as long as the returned object.
    [[nodiscard]] Registration add(const SocketAddress &client, TimePoint now);

    /// The next connection from `client` is the shell's own: it is served like any other, but
    /// neither counted nor shown. Remembers the last 16 that have not arrived.
    void expectOwn(const SocketAddress &client);

    /// Rows and totals from one walk: the totals are those of the rows. Without `requests` and
    /// `refused`.
    [[nodiscard]] Snapshot snapshot(TimePoint now) const;
    /// Counts and octets of all connections since the start, without `requests` and `refused`.
    /// Copies no texts, so it may be called every second with any number of connections.
    [[nodiscard]] Totals totals() const { return census().totals; }
    /// These totals, and the phases of the live connections. Just as cheap.
    [[nodiscard]] Census census() const;
    /// Connections accepted since the start, without the shell's own.
    [[nodiscard]] quint64 accepted() const
    {
        const quint64 own = m_own.load(); // read first: new arrivals raise m_lastId first
        return m_lastId.load() - own;
    }

private:
    friend class Registration;
    void remove(const ConnectionRecord &record);

    mutable std::mutex m_mutex;
    /// Shared with snapshots in progress.
    QHash<quint64, std::shared_ptr<ConnectionRecord>> m_records;
    quint64 m_endedUp = 0; ///< octets of the ended connections
    quint64 m_endedDown = 0;
    QList<SocketAddress> m_expected; ///< addresses of the shell's own future connections
    std::atomic<quint64> m_lastId { 0 };
    std::atomic<quint64> m_own { 0 }; ///< the shell's own connections so far
};

} // namespace sami::account
