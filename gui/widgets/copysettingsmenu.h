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
    void rebuild();
    void addChoices(SnippetKind kind, bool hasOthers);
    void copy(SnippetKind kind, ClientPlace place, WithPassword withPassword);

    ProxyController &m_controller;
    QMenu &m_menu;
    MachineAddresses m_machine;
    QList<QMenu *> m_submenus; ///< children of the menu
};

} // namespace sami::gui
