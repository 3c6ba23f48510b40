// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/text/exposuretext.h"

#include <QMenu>
#include <QObject>
#include <QSystemTrayIcon>
#include <QTimer>

#include <functional>
#include <memory>

namespace sami::gui {

class AppActions;
class ProxyController;

/// The icon in the tray: shows the state, carries the menu. The tray may appear late (at login) or
/// vanish (a panel that restarts), so it is looked for repeatedly. Main thread.
class TrayIcon : public QObject
{
    Q_OBJECT

public:
    /// Whether this desktop has a tray now; tests replace it.
    using HostProbe = std::function<bool()>;

    static constexpr std::chrono::seconds hostPoll { 2 };

    TrayIcon(ProxyController &controller, AppActions &actions, HostProbe hasHost,
             QObject *parent = nullptr);
    ~TrayIcon() override;

    /// Probes each time, because QSystemTrayIcon::isVisible() only returns what we requested.
    [[nodiscard]] bool hasHost() const { return m_hasHost(); }
    void say(const QString &title, const QString &text, QSystemTrayIcon::MessageIcon kind);
    [[nodiscard]] QMenu &menu() { return m_menu; }
    [[nodiscard]] const QSystemTrayIcon *icon() const { return m_icon.get(); }
    /// The state and the address, then a warning, then the traffic; at most 120 characters.
    [[nodiscard]] QString toolTip() const;

Q_SIGNALS:
    /// The icon was clicked or double-clicked.
    void activated();
    void messageClicked();
    /// What say() was given, whether or not it was shown.
    void said(const QString &title, const QString &text);
    /// The desktop has a tray from now on, or none any more.
    void hostChanged(bool isThere);

private:
    void lookForHost();
    void create();
    void handleChange();
    void refresh();
    void repaint();

    ProxyController &m_controller;
    HostProbe m_hasHost;
    QMenu m_menu;
    std::unique_ptr<QSystemTrayIcon> m_icon;
    Exposure m_exposure; ///< of the current settings and state
    QTimer m_hostTimer;
    bool m_hadHost = false;
    int m_shownState = -1; ///< what the icon shows now; it is repainted only if that changes
};

} // namespace sami::gui
