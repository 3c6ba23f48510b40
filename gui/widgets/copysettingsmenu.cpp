// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/copysettingsmenu.h"

#include "gui/control/proxycontroller.h"
#include "gui/text/exposuretext.h"
#include "gui/widgets/clipboard.h"

#include <QMenu>

#include <algorithm>
#include <utility>

namespace sami::gui {

using namespace Qt::StringLiterals;

namespace {

/// Nobody would read a longer menu.
constexpr qsizetype mostUsers = 40;

} // namespace

CopySettingsMenu::CopySettingsMenu(ProxyController &controller, QMenu &menu,
                                   MachineAddresses machine, QObject *parent)
    : QObject(parent), m_controller(controller), m_menu(menu), m_machine(std::move(machine))
{
    connect(&controller, &ProxyController::settingsChanged, this, &CopySettingsMenu::rebuild);
    connect(&controller, &ProxyController::stateChanged, this, &CopySettingsMenu::rebuild);
    connect(&controller, &ProxyController::settingsChanged, this, &CopySettingsMenu::look);
    connect(&controller, &ProxyController::usersChanged, this, &CopySettingsMenu::look);
    // The commands or an editor may have changed the file. The menu shows that when it opens next.
    connect(&menu, &QMenu::aboutToShow, this, &CopySettingsMenu::look);
    connect(&m_keeper, &UsersKeeper::looked, this, &CopySettingsMenu::handleLooked);
    rebuild();
    look();
}

std::optional<ProxyAddress> CopySettingsMenu::addressFor(ClientPlace place,
                                                         const ProxyController &controller,
                                                         const QList<QHostAddress> &machine)
{
    const ExposureLevel level = ExposureText::level(controller.settings());
    if (place == ClientPlace::AnotherComputer
        && (level == ExposureLevel::Nobody || level == ExposureLevel::ThisComputer))
        return std::nullopt;
    const SocketAddress where = controller.listenAddress();
    const auto host = Snippets::hostFor(place, where.address, machine);
    if (!host)
        return std::nullopt;
    const config::Settings &settings = controller.settings();
    return ProxyAddress { *host, where.port, settings.access.credentials,
                          settings.tls.mode == config::TlsMode::Require };
}

void CopySettingsMenu::look()
{
    m_keeper.look(m_controller.settings().users.file);
}

void CopySettingsMenu::handleLooked()
{
    QByteArrayList names;
    for (const users::UserPtr &user : m_keeper.found().users)
        names.append(user->name);
    if (std::exchange(m_names, names) != names)
        rebuild();
}

QList<CopySettingsMenu::Account> CopySettingsMenu::accounts() const
{
    QList<Account> all;
    if (const auto &pair = m_controller.settings().access.credentials)
        all.append({ pair, false });
    for (const QByteArray &name : m_names)
        all.append({ policy::Credentials { name, {} }, true });
    if (all.isEmpty())
        all.append(Account());
    return all;
}

void CopySettingsMenu::rebuild()
{
    m_menu.clear();
    // Later, because the user may be looking at one of them.
    for (QMenu *submenu : std::exchange(m_submenus, {}))
        submenu->deleteLater();
    const QList<Account> all = accounts();
    if (all.size() == 1) {
        addKinds(m_menu, all.constFirst());
    } else {
        for (const Account &account : all.first(std::min(all.size(), mostUsers))) {
            // An ampersand in a name does not mark a shortcut.
            QString name = QString::fromUtf8(account.credentials->username);
            QMenu *menu = m_menu.addMenu(name.replace(u'&', "&&"_L1));
            m_submenus.append(menu);
            // Only when it opens: forty users have hundreds of entries.
            connect(menu, &QMenu::aboutToShow, this, [this, menu, account] {
                if (menu->isEmpty())
                    addKinds(*menu, account);
            });
        }
        if (all.size() > mostUsers)
            m_menu.addAction(tr("%n more user(s)", nullptr, int(all.size() - mostUsers)))
                ->setEnabled(false);
    }
    if (!addressFor(ClientPlace::AnotherComputer, m_controller, m_machine())) {
        m_menu.addSeparator();
        // Said here, where the user misses the entries.
        m_menu.addAction(tr("Other computers cannot reach this address"))->setEnabled(false);
    }
}

void CopySettingsMenu::addKinds(QMenu &menu, const Account &account)
{
    const bool hasOthers =
        addressFor(ClientPlace::AnotherComputer, m_controller, m_machine()).has_value();
    for (const SnippetKind kind : Snippets::kindsFor(m_controller.settings()))
        addChoices(menu, kind, account, hasOthers);
}

void CopySettingsMenu::addChoices(QMenu &menu, SnippetKind kind, const Account &account,
                                  bool hasOthers)
{
    struct Choice
    {
        QString text;
        ClientPlace place;
        WithPassword withPassword;
    };
    QList<Choice> choices;
    if (account.isHashed && hasOthers) {
        choices = { { tr("This computer, with PASSWORD to be replaced"), ClientPlace::ThisComputer,
                      WithPassword::No },
                    { tr("Another computer, with PASSWORD to be replaced"),
                      ClientPlace::AnotherComputer, WithPassword::No } };
    } else if (account.isHashed) {
        choices = { { tr("With PASSWORD to be replaced"), ClientPlace::ThisComputer,
                      WithPassword::No } };
    } else if (hasOthers && account.credentials) {
        choices = {
            { tr("This computer"), ClientPlace::ThisComputer, WithPassword::Yes },
            { tr("This computer, without the password"), ClientPlace::ThisComputer,
              WithPassword::No },
            { tr("Another computer"), ClientPlace::AnotherComputer, WithPassword::Yes },
            { tr("Another computer, without the password"), ClientPlace::AnotherComputer,
              WithPassword::No },
        };
    } else if (hasOthers) {
        choices = { { tr("This computer"), ClientPlace::ThisComputer, WithPassword::No },
                    { tr("Another computer"), ClientPlace::AnotherComputer, WithPassword::No } };
    } else if (account.credentials) {
        choices = { { tr("With the password"), ClientPlace::ThisComputer, WithPassword::Yes },
                    { tr("Without the password"), ClientPlace::ThisComputer, WithPassword::No } };
    } else {
        choices = { { Snippets::name(kind), ClientPlace::ThisComputer, WithPassword::No } };
    }
    QMenu *target = &menu;
    // A submenu of one entry, too: it says that a word has to be replaced.
    if (choices.size() > 1 || account.isHashed) {
        target = menu.addMenu(Snippets::name(kind));
        if (&menu == &m_menu)
            m_submenus.append(target);
    }
    for (const Choice &choice : std::as_const(choices)) {
        connect(target->addAction(choice.text), &QAction::triggered, this,
                [this, kind, account, place = choice.place, withPassword = choice.withPassword] {
                    copy(kind, place, withPassword, account);
                });
    }
}

void CopySettingsMenu::copy(SnippetKind kind, ClientPlace place, WithPassword withPassword,
                            const Account &account)
{
    auto address = addressFor(place, m_controller, m_machine());
    if (!address)
        return;
    address->credentials = account.credentials;
    const bool isSecret = address->credentials && withPassword == WithPassword::Yes;
    copyText(Snippets::text(kind, *address, withPassword),
             isSecret ? Secrecy::Secret : Secrecy::Public);
    const QString name = Snippets::name(kind);
    if (isSecret)
        Q_EMIT copied(tr("Copied with the password: %1").arg(name));
    else if (account.isHashed)
        Q_EMIT copied(tr("Copied: %1. Write the password in place of PASSWORD").arg(name));
    else if (address->credentials)
        Q_EMIT copied(tr("Copied without the password: %1").arg(name));
    else
        Q_EMIT copied(tr("Copied: %1").arg(name));
}

} // namespace sami::gui
