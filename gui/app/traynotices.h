// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/control/proxycontroller.h"
#include "gui/text/damagetext.h"

#include <QObject>
#include <QSystemTrayIcon>

namespace sami::gui {

class TrayIcon;

/// What the program says by the tray icon, and where a click on it leads. Main thread; borrows
/// both.
class TrayNotices : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TrayNotices)

public:
    TrayNotices(const ProxyController &controller, TrayIcon &tray, QObject *parent = nullptr);

    void tell(const Notice &notice);
    /// Once, when the window is closed: what goes on without it.
    void tellClosed();
    void tellDamage(const SettingsDamage &damage);
    void tellCopied(const QString &what);

Q_SIGNALS:
    /// The notice that was clicked is about something that the window shows…
    void windowWanted();
    void deniedWanted();  ///< …or about a client that is blocked…
    void serversWanted(); ///< …or about the servers on the way out.

private:
    using Icon = QSystemTrayIcon::MessageIcon;
    using Lead = void (TrayNotices::*)();

    /// The desktop does not tell which notice was clicked: it is the last one.
    void say(const QString &title, const QString &text, Icon icon, Lead lead);

    const ProxyController &m_controller;
    TrayIcon &m_tray;
    Lead m_lead = &TrayNotices::windowWanted; ///< of the last notice
};

} // namespace sami::gui
