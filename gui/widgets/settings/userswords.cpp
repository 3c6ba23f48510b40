// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/settings/userswords.h"

#include "gui/text/coretext.h"

#include <QDir>

namespace sami::gui {

QString UsersWords::ofList(const FoundUsers &found, bool isInForce, bool hasPair)
{
    switch (found.kind) {
    case FoundUsers::Kind::Unknown:
        return {};
    case FoundUsers::Kind::None:
        return tr("There is no file of users yet. “Add” makes one beside the settings file; each "
                  "user has a password and limits of their own.");
    case FoundUsers::Kind::Bad:
        return tr("The list cannot be shown: %1 %2", "a file; what is wrong with it")
                   .arg(QDir::toNativeSeparators(found.path), CoreText::localized(found.problem))
            + QLatin1Char('\n') + tr("A running proxy keeps its current list.");
    case FoundUsers::Kind::Good:
        break;
    }
    const QString when = isInForce
        ? tr("Changes in this list take effect at once, without “Apply”. Streams of a user who "
             "is removed or turned off are cut within seconds.")
        : tr("These users can sign in once the file is applied.");
    const QString who = found.users.isEmpty() && !hasPair
        ? tr("The file has no users and there is none above: nobody can use the proxy. Clear "
             "the file's field if no password should be asked for.")
        : tr("With a file of users, everybody must sign in, on this computer too.");
    return when + QLatin1Char(' ') + who;
}

QString UsersWords::clearedFile(const QString &path)
{
    return tr("The field is empty, but the proxy still uses %1. Until you apply the change, its "
              "users can sign in, and none can be added.")
        .arg(QDir::toNativeSeparators(path));
}

QString UsersWords::failure(const QString &path, const QString &problem)
{
    return tr("Nothing was changed: %1 %2", "a file; what is wrong with it")
        .arg(QDir::toNativeSeparators(path), CoreText::localized(problem));
}

QString UsersWords::firstUser()
{
    return tr("So far nobody has to sign in. Once there is a user, everybody must, programs on "
              "this computer too.");
}

QString UsersWords::cut(int live)
{
    return live == 0
        ? QString()
        : QLatin1Char('\n') + tr("%n connection(s) of this user will be cut.", nullptr, live);
}

Question UsersWords::turnOff(const QByteArray &name, int live)
{
    return { tr("Turn off a user"),
             tr("Turn off %1?").arg(QString::fromUtf8(name)) + cut(live),
             { tr("Turn off") } };
}

Question UsersWords::remove(const QByteArray &name, int live)
{
    return { tr("Remove a user"),
             tr("Remove %1 and the password? This cannot be undone; turning the user off can.")
                     .arg(QString::fromUtf8(name))
                 + cut(live),
             { tr("Remove") } };
}

Question UsersWords::newPassword(const QByteArray &name)
{
    return { tr("New password"),
             tr("Make a new password for %1? The old one stops working; running streams go on.")
                 .arg(QString::fromUtf8(name)),
             { tr("Make a new one") } };
}

} // namespace sami::gui
