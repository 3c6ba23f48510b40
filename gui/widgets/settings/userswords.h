// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/control/userskeeper.h"
#include "gui/widgets/messagebox.h"

#include <QCoreApplication>
#include <QString>

namespace sami::gui {

/// The texts and questions of the list of users. Pure.
class UsersWords
{
    Q_DECLARE_TR_FUNCTIONS(sami::gui::UsersWords)

public:
    /// What the list means, and when its changes take effect. `isInForce`: the current settings
    /// name this file. `hasPair`: they have a user of their own.
    [[nodiscard]] static QString ofList(const FoundUsers &found, bool isInForce, bool hasPair);
    /// The page names no file any more, but the current settings name this one.
    [[nodiscard]] static QString clearedFile(const QString &path);
    /// Why a change failed.
    [[nodiscard]] static QString failure(const QString &path, const QString &problem);
    /// What adding the very first user means for everybody else.
    [[nodiscard]] static QString firstUser();

    /// `live` is the number of connections that would be cut.
    [[nodiscard]] static Question turnOff(const QByteArray &name, int live);
    [[nodiscard]] static Question remove(const QByteArray &name, int live);
    [[nodiscard]] static Question newPassword(const QByteArray &name);

private:
    [[nodiscard]] static QString cut(int live);
};

} // namespace sami::gui
