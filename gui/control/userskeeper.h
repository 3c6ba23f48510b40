// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "config/settings.h"
#include "users/user.h"

#include <QByteArray>
#include <QDate>
#include <QList>
#include <QObject>
#include <QString>
#include <QStringList>

#include <functional>
#include <optional>

namespace sami::gui {

/// The users' file as it was found.
struct FoundUsers
{
    enum class Kind {
        Unknown, ///< not read yet
        None,    ///< the settings name no file
        Good,
        Bad, ///< missing, unreadable, or with a bad line: `problem` says why
    };

    Kind kind = Kind::Unknown;
    QString path;
    QList<users::UserPtr> users; ///< in the file's order; empty for a bad file
    QByteArray fingerprint;      ///< of a good file's content
    QString problem;             ///< worded to follow the file's name; the core's, in English
};

/// What the operator enters for a user. The password is generated, never typed.
struct UserWishes
{
    QByteArray name;
    QList<policy::HostEntry> hosts; ///< empty: every host that the settings allow
    std::optional<QDate> until;     ///< the last day, in UTC
    int connections = 0;            ///< at once; 0: no limit
    QByteArray note;

    /// Puts everything except the name into `user`.
    void applyTo(users::User &user) const;
};

/// A new password and its link, which are shown only once.
struct NewPassword
{
    policy::Credentials user;
    QByteArray link;      ///< a secret; empty if there is none
    QStringList warnings; ///< about the link; sentences of the core
    QString problem;      ///< why there is no link
};

/// Where a client reaches the proxy, for the link.
struct LinkPlace
{
    config::Settings settings;
    QString host; ///< HOST:PORT; empty: the core finds one
};

/// Reads and changes the users' file. The running proxy, the commands and an editor may use it at
/// the same time. Main thread; reading, writing and hashing (a fifth of a second) happen in the
/// thread of beside.h. Each change is answered once, from the event loop, and not at all once this
/// object is gone. Errors are worded to follow the file's name.
class UsersKeeper : public QObject
{
    Q_OBJECT

public:
    using Done = std::function<void(const Result<void, QString> &)>;
    using Shown = std::function<void(const Result<NewPassword, QString> &)>;

    explicit UsersKeeper(QObject *parent = nullptr);

    /// Reads the file; looked() follows. Of several calls, only the last one is answered. An empty
    /// path means no file.
    void look(const QString &path);
    /// As of the last look.
    [[nodiscard]] const FoundUsers &found() const { return m_found; }

    /// Generates a password and adds the user's line. Creates the file if it does not exist.
    void add(const QString &path, const UserWishes &wishes, const LinkPlace &place, Shown answer);
    /// Generates a new password for an existing user.
    void renewPassword(const QString &path, const QByteArray &name, const LinkPlace &place,
                       Shown answer);
    void change(const QString &path, const UserWishes &wishes, Done answer);
    void setEnabled(const QString &path, const QByteArray &name, bool isEnabled, Done answer);
    void remove(const QString &path, const QByteArray &name, Done answer);

Q_SIGNALS:
    void looked();

private:
    FoundUsers m_found;
    quint64 m_looks = 0; ///< calls to look(); a result of an older one is stale
};

/// A name for a user that this program makes up: "proxy", or "proxy-2" and so on if the other names
/// are taken.
[[nodiscard]] QByteArray freeUserName(const std::function<bool(const QByteArray &name)> &isTaken);

/// An unused path for a users' file, beside the settings file. Creates the folder. The path has no
/// symbolic links in it, because the core refuses to change a file through one.
[[nodiscard]] QString newUsersFile(const QString &settingsFile);

} // namespace sami::gui
