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
        Unknown, ///< nobody has looked yet
        None,    ///< no file is named
        Good,
        Bad, ///< it is not there, cannot be read or has a bad line: `problem` is why
    };

    Kind kind = Kind::Unknown;
    QString path;
    QList<users::UserPtr> users; ///< in the file's order; of a bad file none
    QByteArray fingerprint;      ///< of a good file: the same content has the same
    QString problem;             ///< ends a sentence that names the file; the core's, in English
};

/// What a person says of a user; the password is made, never typed.
struct UserWishes
{
    QByteArray name;
    QList<policy::HostEntry> hosts; ///< empty: whatever all may reach
    std::optional<QDate> until;     ///< the last day, by UTC
    int connections = 0;            ///< at once; 0: no limit
    QByteArray note;

    /// Puts all but the name into `user`.
    void applyTo(users::User &user) const;
};

/// A password that was made, and all that is seen of it this once.
struct NewPassword
{
    policy::Credentials user;
    QByteArray link;      ///< a secret; empty where there is none
    QStringList warnings; ///< about the link; sentences of the core
    QString problem;      ///< why there is no link
};

/// Where a client reaches the proxy, for the link.
struct LinkPlace
{
    config::Settings settings;
    QString host; ///< HOST:PORT; empty: the core finds one
};

/// Reads and changes the users' file for whoever shows it, beside a running proxy, the commands and
/// an editor. Main thread; the disk and the hash (a fifth of a second) take a thread beside it. An
/// answer comes once, from the event loop, and not at all after this object's end. The error ends a
/// sentence that names the file.
class UsersKeeper : public QObject
{
    Q_OBJECT

public:
    using Done = std::function<void(const Result<void, QString> &)>;
    using Shown = std::function<void(const Result<NewPassword, QString> &)>;

    explicit UsersKeeper(QObject *parent = nullptr);

    /// looked() follows; of several orders the last one counts. An empty path is no file.
    void look(const QString &path);
    /// As of the last look.
    [[nodiscard]] const FoundUsers &found() const { return m_found; }

    /// Draws a password and writes the user's line; makes the file if it is not there.
    void add(const QString &path, const UserWishes &wishes, const LinkPlace &place, Shown answer);
    /// Draws another password for a user that is there.
    void renewPassword(const QString &path, const QByteArray &name, const LinkPlace &place,
                       Shown answer);
    void change(const QString &path, const UserWishes &wishes, Done answer);
    void setEnabled(const QString &path, const QByteArray &name, bool isEnabled, Done answer);
    void remove(const QString &path, const QByteArray &name, Done answer);

Q_SIGNALS:
    void looked();

private:
    FoundUsers m_found;
    quint64 m_looks = 0; ///< orders to look; an answer to an older one is stale
};

/// A name for a users' file beside the settings file that nothing has yet. Its folder is made, and
/// named without links: the file would not be changed through one.
[[nodiscard]] QString newUsersFile(const QString &settingsFile);

} // namespace sami::gui
