// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/copysettingsmenu.h"

#include "gui/control/proxycontroller.h"
#include "gui/text/exposuretext.h"
#include "gui/widgets/clipboard.h"

#include <QMenu>

#include <utility>

namespace sami::gui {

CopySettingsMenu::CopySettingsMenu(ProxyController &controller, QMenu &menu,
                                   MachineAddresses machine, QObject *parent)
    : QObject(parent), m_controller(controller), m_menu(menu), m_machine(std::move(machine))
{
    connect(&controller, &ProxyController::settingsChanged, this, &CopySettingsMenu::rebuild);
    connect(&controller, &ProxyController::stateChanged, this, &CopySettingsMenu::rebuild);
    rebuild();
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

void CopySettingsMenu::rebuild()
{
    m_menu.clear();
    // Not now: one of them may be what the user looks at.
    for (QMenu *submenu : std::exchange(m_submenus, {}))
        submenu->deleteLater();
    const bool hasOthers =
        addressFor(ClientPlace::AnotherComputer, m_controller, m_machine()).has_value();
    for (const SnippetKind kind : Snippets::kindsFor(m_controller.settings()))
        addChoices(kind, hasOthers);
    if (!hasOthers) {
        m_menu.addSeparator();
        // Said where it is missed, not only left out.
        m_menu.addAction(tr("Other computers cannot reach this address"))->setEnabled(false);
    }
}

void CopySettingsMenu::addChoices(SnippetKind kind, bool hasOthers)
{
    struct Choice
    {
        QString text;
        ClientPlace place;
        WithPassword withPassword;
    };
    const bool hasPassword = m_controller.settings().access.credentials.has_value();
    QList<Choice> choices;
    if (hasOthers && hasPassword) {
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
    } else if (hasPassword) {
        choices = { { tr("With the password"), ClientPlace::ThisComputer, WithPassword::Yes },
                    { tr("Without the password"), ClientPlace::ThisComputer, WithPassword::No } };
    } else {
        choices = { { Snippets::name(kind), ClientPlace::ThisComputer, WithPassword::No } };
    }
    QMenu *target = &m_menu;
    if (choices.size() > 1) {
        target = m_menu.addMenu(Snippets::name(kind));
        m_submenus.append(target);
    }
    for (const Choice &choice : std::as_const(choices)) {
        connect(target->addAction(choice.text), &QAction::triggered, this,
                [this, kind, place = choice.place, withPassword = choice.withPassword] {
                    copy(kind, place, withPassword);
                });
    }
}

void CopySettingsMenu::copy(SnippetKind kind, ClientPlace place, WithPassword withPassword)
{
    const auto address = addressFor(place, m_controller, m_machine());
    if (!address)
        return;
    const bool isSecret = address->credentials && withPassword == WithPassword::Yes;
    copyText(Snippets::text(kind, *address, withPassword),
             isSecret ? Secrecy::Secret : Secrecy::Public);
    const QString name = Snippets::name(kind);
    if (isSecret)
        Q_EMIT copied(tr("Copied with the password: %1").arg(name));
    else if (address->credentials)
        Q_EMIT copied(tr("Copied without the password: %1").arg(name));
    else
        Q_EMIT copied(tr("Copied: %1").arg(name));
}

} // namespace sami::gui
