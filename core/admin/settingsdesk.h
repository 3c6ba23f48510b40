// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "admin/reply.h"
#include "admin/request.h"
#include "base/result.h"
#include "policy/clientacl.h"

#include <QByteArray>
#include <QHash>
#include <QJsonObject>
#include <QString>
#include <QStringList>

#include <functional>

namespace sami::config {
struct LoadedSettings;
struct Option;
} // namespace sami::config

namespace sami::admin {

/// An authorised request to change a setting. A value.
struct SettingOrder
{
    const config::Option *option = nullptr; ///< a settable one
    QString value;                          ///< empty: forgets what the API has set
    quint64 edition = 0;                    ///< of the settings that it is about
    AdminCaller caller;
};

/// The change is in force.
struct SettingDone
{
    bool isKept = false; ///< outlives a restart
    QStringList hints {};
};

/// The error is the answer.
using SettingOutcome = Result<SettingDone, AdminReply>;
/// Called once, in the thread that has the order, when the change is in force or has failed.
using SettingAnswer = std::function<void(const SettingOutcome &)>;

/// What the API shows of the settings, and which of them it changes. A value that the API owns.
///
///     a PUT                                              outcome
///     of a name that is not settable                     404 not_found
///     without If-Match                                   428 precondition_required
///     If-Match names another state of the settings       412 precondition_failed
///     the body is no JSON object                         400 bad_request
///     it is anything but {"value": "text"}               422 bad_value
///     environment or command line set it                 409 locked
///     otherwise                                          an order, which may still fail
class SettingsDesk
{
public:
    SettingsDesk();

    /// Takes the settings that are in force now, and what "private" in them means on this machine;
    /// `edition` differs each time.
    void renew(const config::LoadedSettings &loaded, const policy::PrivateClients &privateClients,
               quint64 edition);

    /// GET /settings, with its ETag.
    [[nodiscard]] AdminReply rows() const;
    [[nodiscard]] Result<SettingOrder, AdminReply> judge(const Request &request) const;
    /// 200: the setting as it is once the order is done, with the new ETag.
    [[nodiscard]] AdminReply done(const SettingOrder &order, const SettingDone &done) const;

private:
    void hold(const QByteArray &json);

    [[nodiscard]] bool leavesOut(const AdminCaller &caller) const;

    QHash<QString, QJsonObject> m_settable; ///< rows by name
    policy::ClientAcl m_clients;            ///< as the settings say
    QByteArray m_json;
    QByteArray m_tag;
    quint64 m_edition = 0;
};

} // namespace sami::admin
