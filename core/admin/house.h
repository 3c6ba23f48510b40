// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "admin/adminconnection.h"
#include "admin/adminlistener.h"
#include "admin/adminplaces.h"
#include "admin/api.h"
#include "admin/eventstreams.h"
#include "admin/gate.h"
#include "admin/observer.h"
#include "admin/tokendesk.h"
#include "config/admindoors.h"
#include "net/budgets.h"
#include "net/later.h"
#include "net/tlscontext.h"

#include <QJsonArray>
#include <QObject>
#include <QTimer>

#include <map>
#include <memory>
#include <vector>

namespace sami::admin {

/// Everything of the admin server that lives in its thread: doors, connections, tokens, the API.
/// Owned by AdminServer, which calls it in that thread; it reaches the rest of the process through
/// Orders and Observer::Ask, which post.
///
///     places    for
///     64        strangers at PROXY_ADMIN's TCP doors together
///     12        clients that have shown a token there; four for each token
///     4         peers of the Unix sockets; four more of them are told that there is no room
///     8         clients at PROXY_METRICS
///
/// There are more places for strangers than a door accepts in a second. So no crowd pushes out a
/// stranger that finishes its handshake and its head within that second. Until then each costs a
/// descriptor, a handshake's state and what it has sent: 72 KB at most.
class House final : public QObject, private ConnectionKeeper
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(House)

public:
    static constexpr AdminPlaces::Numbers adminPlaces { 64, 12, 4, 4 };
    static constexpr AdminPlaces::Numbers metricsPlaces { 8, 0, 0, 0 };
    /// Listeners, the event loop, and whatever is being read or turned away.
    static constexpr int otherDescriptors = 16;

    House(Orders orders, Observer::Ask ask);
    ~House() override;

    /// Binds the requested doors that do not exist yet; they accept nothing before commit(). Holds
    /// those that are no longer requested, so that no journey reaches one once the rules have
    /// forgotten it; preparing the old settings again opens them. Returns the doors as requested,
    /// with their real ports. On failure nothing has changed.
    [[nodiscard]] Result<config::AdminSettings, QString>
    prepare(const config::AdminSettings &asked);
    /// The prepared settings are in force: opens new doors after `rest`, and closes doors that are
    /// no longer requested. A door for which only TLS changes stays open, and its next client gets
    /// the new kind. `edition` differs each time.
    void commit(const config::LoadedSettings &loaded, const policy::PrivateClients &privateClients,
                quint64 edition, std::chrono::milliseconds rest);
    /// What TLS doors show. Null: they turn everybody away.
    void setIdentity(std::shared_ptr<const net::TlsContext> identity);
    void take(const Observation &observation);
    /// Ends the streams of events properly, then cuts all connections.
    void shut();

private:
    using ConnectionPtr = net::LaterPtr<AdminConnection, &AdminConnection::letGo>;

    [[nodiscard]] Result<Request, AdminReply> judge(AdminConnection &connection,
                                                    const http::RequestHead &head) override;
    void serve(AdminConnection &connection, Request request) override;
    void ended(AdminConnection &connection) override;

    void receive(net::Descriptor descriptor, Visitor visitor);
    [[nodiscard]] AdminPlaces::Peer place(quint64 id, const Visitor &visitor);
    [[nodiscard]] AdminPlaces &placesOf(const Visitor &visitor);
    [[nodiscard]] AdminConnection *find(quint64 id) const;
    [[nodiscard]] const config::AdminDoor *askedAt(const AdminListener &listener) const;
    [[nodiscard]] QString whoHasPortOf(const config::AdminDoor &door) const;
    static void sayOpen(const AdminListener &listener);
    bool open(AdminListener &listener);
    void openAll();
    void doHousekeeping();
    void readTokens();

    net::Budgets m_budgets; ///< of the streams, and so declared before them
    TokenDesk m_tokens;
    AdminPlaces m_places { adminPlaces };
    AdminPlaces m_metricsPlaces { metricsPlaces };
    Gate m_gate;
    Observer m_observer;
    EventStreams m_events;
    Api m_api;
    std::shared_ptr<const net::TlsContext> m_identity;
    std::vector<std::unique_ptr<AdminListener>> m_prepared;
    config::AdminSettings m_asked; ///< as last prepared
    std::vector<std::unique_ptr<AdminListener>> m_listeners;
    std::map<quint64, ConnectionPtr> m_connections;
    quint64 m_lastId = 0;
    QTimer m_opening; ///< new doors wait for it
    QTimer m_housekeeping;
};

} // namespace sami::admin
