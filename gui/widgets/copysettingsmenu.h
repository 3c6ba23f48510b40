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

/// Fills the menu "Copy settings for" and copies the chosen entry. A choice that the settings leave
/// open (which user, which computer, with the password or not) takes one more click. Lists the user
/// of the settings and those of the users' file, which is read in the background. The file has only
/// hashes, so its users get the word PASSWORD instead of a password. Main thread; lives with its
/// menu's owner.
class CopySettingsMenu : public QObject
{
    Q_OBJECT

public:
    /// This machine's addresses, the best to give out first, queried each time; tests inject their
    /// own.
    using MachineAddresses = std::function<QList<QHostAddress>()>;

    CopySettingsMenu(ProxyController &controller, QMenu &menu, MachineAddresses machine,
                     QObject *parent = nullptr);

    /// The proxy as a client at `place` has to address it. Empty if the client cannot reach the
    /// listener, or if the list of clients contains only this computer.
    [[nodiscard]] static std::optional<ProxyAddress> addressFor(ClientPlace place,
                                                                const ProxyController &controller,
                                                                const QList<QHostAddress> &machine);

Q_SIGNALS:
    /// Something was copied: "Copied with the password: git".
    void copied(const QString &what);

private:
    /// The user that a program signs in as.
    struct Account
    {
        std::optional<policy::Credentials> credentials; ///< empty: the proxy asks for none
        bool isHashed = false;                          ///< the password is unknown, and empty here
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
    QByteArrayList m_names;    ///< of the users' file, as shown in the menu
    QList<QMenu *> m_submenus; ///< children of the menu
};

} // namespace sami::gui
