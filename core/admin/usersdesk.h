// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/snapshot.h"
#include "admin/reply.h"
#include "users/roster.h"

#include <QByteArray>
#include <QDate>
#include <QList>
#include <QString>

namespace sami::config {
struct Settings;
}

namespace sami::admin {

/// The users as the API shows, disables and enables them. Reads and changes the users file itself,
/// as the commands do; the proxy notices within seconds. A value that the API owns, in the admin
/// thread. That thread waits for the disk; no stream does.
class UsersDesk
{
public:
    UsersDesk() = default;
    explicit UsersDesk(const config::Settings &settings);

    /// GET /users: the settings' user first, then the file's in file order. 503 if the file cannot
    /// be read or has a bad line, which the log names; the proxy then keeps its list. `known` are
    /// the users who are let in: it saves parsing their lines, and may be null. `today` is in UTC.
    [[nodiscard]] AdminReply rows(const users::RosterPtr &known,
                                  const QList<account::ConnectionSnapshot> &live,
                                  const QDate &today) const;
    /// 204, even if nothing had to change; 404 for an unknown user; 409 for the settings' own; 503
    /// if the file could not be changed, with the reason in the log.
    [[nodiscard]] AdminReply setEnabled(const QByteArray &name, bool isEnabled) const;

private:
    QString m_file;      ///< empty: none
    QByteArray m_ofPair; ///< the settings' own user; empty: none
};

} // namespace sami::admin
