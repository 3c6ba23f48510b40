// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "admin/eventstreams.h"
#include "admin/observer.h"
#include "admin/request.h"
#include "admin/settingsdesk.h"
#include "admin/usersdesk.h"

#include <QHostAddress>

#include <chrono>
#include <functional>
#include <optional>

namespace sami::server {
struct Condition;
struct Vitals;
} // namespace sami::server

namespace sami::admin {

/// What the API needs from the rest of the process. Each is called in the admin server's thread.
/// Its answer, if it has one, arrives there from the event loop, or never.
struct Orders
{
    std::function<void(quint64 id)> closeConnection;
    std::function<void(const QHostAddress &, std::function<void(bool wasBlocked)>)> liftBlock;
    /// Call it after the users file was changed. Answered once the change is in force.
    std::function<void(std::function<void()> then)> readUsers;
    /// Without a grace time there is no limit. `isTaken` is false if a stop that ends no later is
    /// already under way.
    std::function<void(std::optional<std::chrono::milliseconds> grace,
                       std::function<void(bool isTaken)> then)>
        drain;
    /// Answered once the change is in force, or has failed.
    std::function<void(const SettingOrder &, SettingAnswer)> setSetting;
    // Return at once; any thread.
    std::function<server::Vitals()> vitals;
    std::function<server::Condition()> condition;
};

/// Serves the rows of the router's table. Each order gets one audit line. Owned by the house, in
/// its thread.
class Api
{
public:
    /// Answers a request of that connection; does nothing if the connection is gone.
    using Answer = std::function<void(quint64 connection, const AdminReply &reply)>;
    using BeginEvents = std::function<void(quint64 connection, const Request &request)>;

    Api(Observer &observer, Orders orders, Answer answer, BeginEvents beginEvents);

    void setSettings(const config::LoadedSettings &loaded,
                     const policy::PrivateClients &privateClients, quint64 edition);
    void setUsers(const UsersDesk &users) { m_users = users; }
    void serve(quint64 connection, const Request &request);

private:
    [[nodiscard]] AdminReply made(const Request &request) const;
    [[nodiscard]] AdminReply status(const Request &request) const;
    [[nodiscard]] AdminReply connections(const Match &match) const;
    [[nodiscard]] AdminReply finished(const Match &match) const;
    void closeConnection(quint64 connection, const Request &request);
    void liftBlock(quint64 connection, const Request &request);
    void setSetting(quint64 connection, const Request &request);
    void drain(quint64 connection, const Request &request);
    void setUserEnabled(quint64 connection, const Request &request, bool isEnabled);

    Observer &m_observer;
    Orders m_orders;
    Answer m_answer;
    BeginEvents m_beginEvents;
    SettingsDesk m_settings;
    UsersDesk m_users;
};

} // namespace sami::admin
