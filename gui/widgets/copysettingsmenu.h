// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/text/snippets.h"

#include <QHostAddress>
#include <QList>
#include <QObject>

#include <functional>

class QMenu;

namespace sami::gui {

class ProxyController;

/// Fills the menu "Copy settings for" and copies what is chosen: one click more for each question
/// that these settings leave open (which computer, with the password or not), none otherwise.
/// Main thread; lives with its menu's owner.
class CopySettingsMenu : public QObject
{
    Q_OBJECT

public:
    /// The addresses of this machine, asked anew each time; tests bring their own.
    using MachineAddresses = std::function<QList<QHostAddress>()>;

    CopySettingsMenu(ProxyController &controller, QMenu &menu, MachineAddresses machine,
                     QObject *parent = nullptr);

    /// The proxy as a client at `place` names it; nothing when it cannot reach the listener.
    [[nodiscard]] static std::optional<ProxyAddress> addressFor(ClientPlace place,
                                                                const ProxyController &controller,
                                                                const QList<QHostAddress> &machine);
    /// The URL for a client on this computer, with the password.
    void copyAddress() const;

private:
    void rebuild();
    void addChoices(SnippetKind kind);
    void copy(SnippetKind kind, ClientPlace place, WithPassword withPassword) const;

    ProxyController &m_controller;
    QMenu &m_menu;
    MachineAddresses m_machine;
    QList<QMenu *> m_submenus; ///< children of the menu
};

} // namespace sami::gui
