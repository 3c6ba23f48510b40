// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QProcess>
#include <QStringList>

#include <optional>

namespace sami::test {

/// The program that shows the tray's icons, which can be killed and started. All waiting lets
/// events run. Main thread.
class TrayHost
{
    Q_DISABLE_COPY_MOVE(TrayHost)

public:
    enum class Kind {
        Xembed,         ///< trayer: icons are windows inside of its own
        StatusNotifier, ///< xfce4-panel: icons are told over the session's bus
    };

    /// In pixels; trayer's is at the right of the lower edge, the other is as wide as the display.
    static constexpr int trayerWidth = 160;
    static constexpr int panelHeight = 34;

    explicit TrayHost(Kind kind) : m_kind(kind) {}
    ~TrayHost();

    [[nodiscard]] Kind kind() const { return m_kind; }
    /// Waits until it is the desktop's tray.
    [[nodiscard]] bool start();
    /// As a crash would, and waits until the desktop has no tray.
    [[nodiscard]] bool kill();

private:
    Kind m_kind;
    QProcess m_process;
};

/// What other programs of the session can learn of our icon when the tray is a StatusNotifierHost.
/// Each call is a question on the bus by a connection of its own; empty when no answer comes.
namespace StatusNotifier {

[[nodiscard]] bool hasHost();
/// All icons of the session, as the watcher names them.
[[nodiscard]] QStringList items();
[[nodiscard]] QString toolTip(const QString &item);

struct MenuEntry
{
    int id = 0;
    QString label; ///< without mnemonics; empty for a separator
    bool isEnabled = true;
};
/// The menu's first level.
[[nodiscard]] QList<MenuEntry> menu(const QString &item);
/// What the host does when the entry is clicked.
[[nodiscard]] bool click(const QString &item, const MenuEntry &entry);

} // namespace StatusNotifier

} // namespace sami::test
