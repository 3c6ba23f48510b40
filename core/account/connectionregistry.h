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

/// The registry's row of one live connection. Counters are atomics written by the worker that
/// owns the session; the texts change once a request, under a lock of their own.
class ConnectionRecord
{
    Q_DISABLE_COPY_MOVE(ConnectionRecord)

public:
    ConnectionRecord(quint64 id, const SocketAddress &client, TimePoint now);

    const quint64 id;
    const TimePoint acceptedAt;
    net::Traffic traffic;
    std::atomic<ConnectionPhase> phase { ConnectionPhase::AwaitingRequest };
    std::atomic<quint32> requests { 0 };
    std::atomic<Entrance> entrance { Entrance {} };
    bool isOwn = false; ///< the shell's own (ConnectionRegistry::expectOwn()); set by add()

    // Who the client is. For the owner's thread, as the two that change it.
    [[nodiscard]] const SocketAddress &client() const { return m_client; }
    [[nodiscard]] policy::Caller caller() const
    {
        return policy::Caller(m_client.address, m_known);
    }
    /// The balancer that passes the connection on; none where the client came by itself.
    [[nodiscard]] const std::optional<QHostAddress> &via() const { return m_via; }
    /// Whoever connected is a balancer, and passes on this client.
    void setClient(const SocketAddress &client);
    /// Whoever connected is a balancer, and names no client.
    void setUnnamed() { m_known = policy::Caller::Known::NotAtAll; }

    /// What the current request is; replaces the last one's texts and timings.
    void describe(TimePoint began, QByteArray user, QByteArray method, QByteArray target,
                  Endpoint endpoint);
    void setDial(Clock::duration duration);
    void setRoute(QByteArray name);
    [[nodiscard]] ConnectionSnapshot snapshot(TimePoint now) const;

private:
    mutable std::mutex m_mutex;
    SocketAddress m_client;
    std::optional<QHostAddress> m_via;
    policy::Caller::Known m_known = policy::Caller::Known::ByConnection; ///< the owner's alone
    QByteArray m_user;
    QByteArray m_method;
    QByteArray m_target;
    Endpoint m_endpoint;
    QByteArray m_route;
    std::optional<Clock::duration> m_dial;
    TimePoint m_workBegan;
};

class ConnectionRegistry;

/// A connection's row in the registry, from its birth to its end: whoever owns the connection owns
/// this, in whichever thread. When it dies the row leaves, and its octets are added to those of
/// the connections that are gone. There is no other way to remove a row, so none is counted twice.
/// The registry must outlive it.
class Registration
{
    Q_DISABLE_COPY(Registration)

public:
    Registration(Registration &&other) noexcept;
    ~Registration();

    // Not after it was moved from.
    [[nodiscard]] ConnectionRecord &operator*() const { return *m_record; }
    [[nodiscard]] ConnectionRecord *operator->() const { return m_record; }

private:
    friend class ConnectionRegistry;
    Registration(ConnectionRegistry &registry, ConnectionRecord &record);

    ConnectionRegistry *m_registry;
    ConnectionRecord *m_record; ///< the registry's; null once it was moved from
};

/// How many live connections stand where, by how they came in. A value.
struct Census
{
    Totals totals; ///< without `requests` and `refused`
    PerValue<ConnectionPhase, PerValue<FrontKind, PerValue<TlsVersion, quint32>>> live;
};

/// All live connections of all workers. Locked at a connection's birth and death and for a
/// snapshot, never in the byte path. Thread-safe.
class ConnectionRegistry
{
public:
    /// The row is there as long as what is returned.
    [[nodiscard]] Registration add(const SocketAddress &client, TimePoint now);

    /// The next connection from there is the shell's own: it is served like any other, but neither
    /// counted nor shown. Of several that never come the last 16 are remembered.
    void expectOwn(const SocketAddress &client);

    [[nodiscard]] QList<ConnectionSnapshot> snapshot(TimePoint now) const;
    /// Counts and octets of all connections since the start, `requests` and `refused` apart. Copies
    /// no texts: to be asked every second at any number of connections.
    [[nodiscard]] Totals totals() const { return census().totals; }
    /// Such counts, and where the connections stand. As cheap.
    [[nodiscard]] Census census() const;
    /// How many came since the start, the shell's own left out.
    [[nodiscard]] quint64 accepted() const
    {
        const quint64 own = m_own.load(); // first: of what came later the other has more
        return m_lastId.load() - own;
    }

private:
    friend class Registration;
    void remove(const ConnectionRecord &record);

    mutable std::mutex m_mutex;
    /// Shared with snapshots that are being made.
    QHash<quint64, std::shared_ptr<ConnectionRecord>> m_records;
    quint64 m_endedUp = 0; ///< octets of the connections that are gone
    quint64 m_endedDown = 0;
    QList<SocketAddress> m_expected; ///< of the shell's own connections
    std::atomic<quint64> m_lastId { 0 };
    std::atomic<quint64> m_own { 0 }; ///< the shell's own connections that came
};

} // namespace sami::account
