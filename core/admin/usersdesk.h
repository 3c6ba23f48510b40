// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/snapshot.h"
#include "admin/reply.h"

#include <QByteArray>
#include <QDate>
#include <QList>
#include <QString>

namespace sami::config {
struct Settings;
}

namespace sami::admin {

/// The users that the API shows, and whom it turns out or lets in again. Reads and changes the
/// users' file itself, as the commands do; the API tells the proxy to read it then. A value of the
/// API's, in the admin thread, which waits for the disk meanwhile: no stream does.
class UsersDesk
{
public:
    UsersDesk() = default;
    explicit UsersDesk(const config::Settings &settings);

    /// GET /users: the settings' pair first, then the file's in its order. 503 when the file cannot
    /// be read or has a bad line, which the log names; the proxy then goes on with the list that it
    /// has. `today` in UTC.
    [[nodiscard]] Reply rows(const QList<account::ConnectionSnapshot> &live,
                             const QDate &today) const;
    /// 204, also where nothing was to be changed; 404 for no such user, 409 for the settings' own,
    /// 503 when the file could not be changed, and the log says why.
    [[nodiscard]] Reply setEnabled(const QByteArray &name, bool isEnabled) const;

private:
    QString m_file;      ///< empty: none
    QByteArray m_ofPair; ///< the settings' own user; empty: none
};

} // namespace sami::admin
