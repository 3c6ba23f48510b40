// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/control/userskeeper.h"
#include "gui/widgets/messagebox.h"

#include <QCoreApplication>
#include <QString>

namespace sami::gui {

/// What the list of users says and asks. Pure.
class UsersWords
{
    Q_DECLARE_TR_FUNCTIONS(sami::gui::UsersWords)

public:
    /// What there is to say of the list, and when a change in it counts. `isInForce`: the settings
    /// that count name this file; `hasPair`: they have a user of their own.
    [[nodiscard]] static QString ofList(const FoundUsers &found, bool isInForce, bool hasPair);
    /// Why a change did not come about.
    [[nodiscard]] static QString failure(const QString &path, const QString &problem);
    /// What the first user of all means for everybody else.
    [[nodiscard]] static QString firstUser();

    /// `live`: what is cut.
    [[nodiscard]] static Question turnOff(const QByteArray &name, int live);
    [[nodiscard]] static Question remove(const QByteArray &name, int live);
    [[nodiscard]] static Question newPassword(const QByteArray &name);

private:
    [[nodiscard]] static QString cut(int live);
};

} // namespace sami::gui
