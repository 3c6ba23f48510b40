// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/control/userskeeper.h"
#include "gui/text/snippets.h"

#include <QHostAddress>
#include <QList>
#include <QObject>

#include <functional>

class QMenu;

namespace sami::gui {

class ProxyController;

/// Fills the menu "Copy settings for" and copies what is chosen: one click more for each question
/// that these settings leave open (which user, which computer, with the password or not), none
/// otherwise. The users are those of the settings and of the users' file, which is looked at
/// beside; of the latter there is no password to copy, but the word PASSWORD in its place. Main
/// thread; lives with its menu's owner.
class CopySettingsMenu : public QObject
{
    Q_OBJECT

public:
    /// This machine's addresses, the one to tell others first, asked anew each time; tests bring
    /// their own.
    using MachineAddresses = std::function<QList<QHostAddress>()>;

    CopySettingsMenu(ProxyController &controller, QMenu &menu, MachineAddresses machine,
                     QObject *parent = nullptr);

    /// The proxy as a client at `place` names it; nothing when it cannot reach the listener, or
    /// when the list of clients has nobody but this computer.
    [[nodiscard]] static std::optional<ProxyAddress> addressFor(ClientPlace place,
                                                                const ProxyController &controller,
                                                                const QList<QHostAddress> &machine);

Q_SIGNALS:
    /// Something is in the clipboard now: "Copied with the password: git".
    void copied(const QString &what);

private:
    /// Whom a program signs in as.
    struct Account
    {
        std::optional<policy::Credentials> credentials; ///< none: nobody is asked
        bool isHashed = false;                          ///< the password in it is empty
    };

    void look();
    void handleLooked();
    void rebuild();
    [[nodiscard]] QList<Account> accounts() const;
    void addKinds(QMenu &menu, const Account &account);
    void addChoices(QMenu &menu, SnippetKind kind, const Account &account, bool hasOthers);
    void copy(SnippetKind kind, ClientPlace place, WithPassword withPassword,
              const Account &account);

    ProxyController &m_controller;
    QMenu &m_menu;
    MachineAddresses m_machine;
    UsersKeeper m_keeper;
    QByteArrayList m_names;    ///< of the users' file, as the menu has them
    QList<QMenu *> m_submenus; ///< children of the menu
};

} // namespace sami::gui
