// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/control/proxycontroller.h"
#include "gui/text/damagetext.h"

#include <QObject>
#include <QSystemTrayIcon>

namespace sami::gui {

class TrayIcon;

/// The notices that the program shows at the tray icon, and where a click on one leads. Main
/// thread; borrows the controller and the icon.
class TrayNotices : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TrayNotices)

public:
    TrayNotices(const ProxyController &controller, TrayIcon &tray, QObject *parent = nullptr);

    void tell(const Notice &notice);
    /// Says what goes on without the window. Call it the first time that the window is closed.
    void tellClosed();
    void tellDamage(const SettingsDamage &damage);
    void tellCopied(const QString &what);

Q_SIGNALS:
    void windowWanted();  ///< a notice about something that the window shows was clicked
    void deniedWanted();  ///< one about a blocked client was clicked
    void serversWanted(); ///< one about the servers on the way out was clicked

private:
    using Icon = QSystemTrayIcon::MessageIcon;
    using Lead = void (TrayNotices::*)();

    /// A click always counts for the last notice: the desktop does not tell which one it was.
    void say(const QString &title, const QString &text, Icon icon, Lead lead);

    const ProxyController &m_controller;
    TrayIcon &m_tray;
    Lead m_lead = &TrayNotices::windowWanted; ///< of the last notice
};

} // namespace sami::gui
