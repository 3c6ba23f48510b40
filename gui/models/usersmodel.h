// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/models/keyedtable.h"
#include "users/user.h"

#include <QDate>
#include <QStringList>

#include <optional>

namespace sami::gui {

/// One user of the file as a row.
struct UserRow
{
    QByteArray name;
    bool isDisabled = false;
    bool isExpired = false;
    QStringList hosts;
    std::optional<QDate> until;
    int connections = 0;
    QString note;

    [[nodiscard]] QByteArray key() const { return name; }
    /// In words: on, turned off or expired.
    [[nodiscard]] QString state() const;
    friend bool operator==(const UserRow &, const UserRow &) = default;
};

/// The users of the file, in its order; users added later come last. Main thread.
class UsersModel : public KeyedTable<UserRow>
{
    Q_OBJECT

public:
    enum Column { Name, State, Hosts, Until, AtOnce, Note };
    [[nodiscard]] static Columns columns();

    explicit UsersModel(QObject *parent = nullptr);

    /// `today` is in UTC. Returns whether the set of names has changed.
    bool synchronize(const QList<users::UserPtr> &users, const QDate &today);
    /// -1 if there is no such user.
    [[nodiscard]] int rowOf(const QByteArray &name) const;
};

} // namespace sami::gui
