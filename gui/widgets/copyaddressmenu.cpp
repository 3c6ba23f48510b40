// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/copyaddressmenu.h"

#include "base/endpoint.h"
#include "gui/control/proxycontroller.h"
#include "gui/widgets/clipboard.h"
#include "gui/widgets/copysettingsmenu.h"

#include <QMenu>

#include <utility>

namespace sami::gui {

CopyAddressMenu::CopyAddressMenu(ProxyController &controller, QMenu &menu, QAction *share,
                                 MachineAddresses machine, QObject *parent)
    : QObject(parent), m_controller(controller), m_machine(std::move(machine))
{
    for (const ClientPlace place : { ClientPlace::ThisComputer, ClientPlace::AnotherComputer }) {
        for (const WithPassword withPassword : { WithPassword::No, WithPassword::Yes }) {
            QAction *action = menu.addAction(QString());
            m_entries.append({ place, withPassword, action });
            connect(action, &QAction::triggered, this,
                    [this, place, withPassword] { copy(place, withPassword); });
        }
    }
    m_noOthers = menu.addAction(tr("Other devices cannot use the proxy now"));
    m_noOthers->setEnabled(false);
    menu.addSeparator();
    menu.addAction(share);
    connect(&controller, &ProxyController::settingsChanged, this, &CopyAddressMenu::refresh);
    connect(&controller, &ProxyController::stateChanged, this, &CopyAddressMenu::refresh);
    // Networks may have come or gone.
    connect(&menu, &QMenu::aboutToShow, this, &CopyAddressMenu::refresh);
    refresh();
}

QAction *CopyAddressMenu::action(ClientPlace place, WithPassword withPassword) const
{
    for (const Entry &entry : m_entries) {
        if (entry.place == place && entry.withPassword == withPassword)
            return entry.action;
    }
    return nullptr;
}

void CopyAddressMenu::refresh()
{
    const QList<QHostAddress> machine = m_machine();
    const bool hasPassword = m_controller.settings().access.credentials.has_value();
    m_noOthers->setVisible(true);
    for (const Entry &entry : std::as_const(m_entries)) {
        const auto address = CopySettingsMenu::addressFor(entry.place, m_controller, machine);
        const bool isSecret = entry.withPassword == WithPassword::Yes;
        entry.action->setVisible(address.has_value() && (hasPassword || !isSecret));
        if (!address)
            continue;
        const bool isHere = entry.place == ClientPlace::ThisComputer;
        if (!isHere)
            m_noOthers->setVisible(false);
        const QString where =
            QString::fromLatin1(SocketAddress { address->host, address->port }.toByteArray());
        QString text;
        if (!hasPassword)
            text = isHere ? tr("For this computer: %1") : tr("For another device: %1");
        else if (isSecret)
            text = isHere ? tr("For this computer, with the password: %1")
                          : tr("For another device, with the password: %1");
        else
            text = isHere ? tr("For this computer, without the password: %1")
                          : tr("For another device, without the password: %1");
        entry.action->setText(text.arg(where));
    }
}

void CopyAddressMenu::copy(ClientPlace place, WithPassword withPassword)
{
    auto address = CopySettingsMenu::addressFor(place, m_controller, m_machine());
    if (!address)
        return;
    const bool hasPassword = address->credentials.has_value();
    const bool isSecret = hasPassword && withPassword == WithPassword::Yes;
    if (!isSecret)
        address->credentials.reset();
    copyText(Snippets::url(*address, withPassword), isSecret ? Secrecy::Secret : Secrecy::Public);
    const QString where =
        QString::fromLatin1(SocketAddress { address->host, address->port }.toByteArray());
    if (isSecret)
        Q_EMIT copied(tr("Copied with the password: %1").arg(where));
    else if (hasPassword)
        Q_EMIT copied(tr("Copied without the password: %1").arg(where));
    else
        Q_EMIT copied(tr("Copied: %1").arg(where));
}

} // namespace sami::gui
