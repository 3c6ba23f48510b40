// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/text/snippets.h"

#include <QHostAddress>
#include <QList>
#include <QObject>

#include <functional>

class QAction;
class QMenu;

namespace sami::gui {

class ProxyController;

/// Fills the menu "Copy proxy address": for this computer or another device. Each entry says
/// whether it includes the password. Main thread; lives with its menu's owner.
class CopyAddressMenu : public QObject
{
    Q_OBJECT

public:
    /// This machine's addresses, the best to give out first; tests inject their own.
    using MachineAddresses = std::function<QList<QHostAddress>()>;

    /// `share` is the last entry; its owner keeps it.
    CopyAddressMenu(ProxyController &controller, QMenu &menu, QAction *share,
                    MachineAddresses machine, QObject *parent = nullptr);

    [[nodiscard]] QAction *action(ClientPlace place, WithPassword withPassword) const;

Q_SIGNALS:
    /// Something was copied: "Copied with the password: 127.0.0.1:8080".
    void copied(const QString &what);

private:
    void refresh();
    void copy(ClientPlace place, WithPassword withPassword);

    struct Entry
    {
        ClientPlace place;
        WithPassword withPassword;
        QAction *action;
    };

    ProxyController &m_controller;
    MachineAddresses m_machine;
    QList<Entry> m_entries;
    QAction *m_noOthers; ///< says that other devices have no address to use
};

} // namespace sami::gui
