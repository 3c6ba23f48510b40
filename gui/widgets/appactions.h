// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QAction>
#include <QMenu>
#include <QObject>

#include <memory>

namespace sami::gui {

class CopyAddressMenu;
class CopySettingsMenu;
class ProxyController;

/// The program's commands, made once and shared by the tray menu and the window. The owner connects
/// those that need a window. Main thread.
class AppActions : public QObject
{
    Q_OBJECT

public:
    explicit AppActions(ProxyController &controller, QObject *parent = nullptr);
    ~AppActions() override;

    QAction *const open;
    QAction *const startStop; ///< its text says which of the two
    QAction *const drain;
    QAction *const closeAll;
    QAction *const settings;
    QAction *const firstSteps;
    QAction *const share; ///< with a phone or another computer; its text says what is left to do
    QAction *const about;
    QAction *const quit;
    /// "Copy proxy address" ▸ for which device, and whether with the password.
    [[nodiscard]] QMenu *copyAddress() const { return m_copyAddress.get(); }
    [[nodiscard]] CopyAddressMenu *copyAddressMenu() const { return m_copyAddressMenu; }
    /// "Copy settings for" ▸ shells and programs.
    [[nodiscard]] QMenu *copySettings() const { return m_copySettings.get(); }

Q_SIGNALS:
    /// One of the copying menus has copied something; `what` describes it.
    void copied(const QString &what);

private:
    void handleState();
    void handleReach();

    ProxyController &m_controller;
    std::unique_ptr<QMenu> m_copyAddress; ///< no parent: no widget owns it
    CopyAddressMenu *m_copyAddressMenu;
    std::unique_ptr<QMenu> m_copySettings;
    CopySettingsMenu *m_copySettingsMenu;
};

} // namespace sami::gui
