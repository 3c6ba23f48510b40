// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "admin/reply.h"
#include "admin/request.h"
#include "base/result.h"

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

/// A setting that somebody may change and wants changed. A value.
struct SettingOrder
{
    const config::Option *option = nullptr; ///< a settable one
    QString value;                          ///< empty: what was set from afar is forgotten
    quint64 edition = 0;                    ///< of the settings that it is about
    Caller caller;
};

/// It counts.
struct SettingDone
{
    bool isKept = false; ///< outlives a restart
    QStringList hints {};
};

/// The error is the answer.
using SettingOutcome = Result<SettingDone, Reply>;
/// Called once, in the thread that has the order, when the change counts or will not.
using SettingAnswer = std::function<void(const SettingOutcome &)>;

/// What the API says of the settings, and what it lets be changed of them. A value of the API's.
///
///     a PUT                                              outcome
///     of what is none of the three                       404 not_found
///     without If-Match                                   428 precondition_required
///     If-Match names another state of the settings       412 precondition_failed
///     the body is no JSON object                         400 bad_request
///     it is anything but {"value": "text"}               422 bad_value
///     environment or command line say the setting        409 locked
///     else                                               an order, which may still fail
class SettingsDesk
{
public:
    SettingsDesk();

    /// The settings that are in force now; each time with another edition.
    void renew(const config::LoadedSettings &loaded, quint64 edition);

    /// GET /settings, with its ETag.
    [[nodiscard]] Reply rows() const;
    [[nodiscard]] Result<SettingOrder, Reply> judge(const Request &request) const;
    /// 200: the setting as it is now that the order was done, with the new ETag.
    [[nodiscard]] Reply done(const SettingOrder &order, const SettingDone &done) const;

private:
    void hold(const QByteArray &json);

    QHash<QString, QJsonObject> m_settable; ///< rows by name
    QByteArray m_json;
    QByteArray m_tag;
    quint64 m_edition = 0;
};

} // namespace sami::admin
