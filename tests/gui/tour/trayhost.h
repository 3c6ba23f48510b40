// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QProcess>
#include <QStringList>

#include <optional>

namespace sami::test {

/// The program that shows the tray icons; it can be killed and restarted. All waiting lets
/// events run. Main thread.
class TrayHost
{
    Q_DISABLE_COPY_MOVE(TrayHost)

public:
    enum class Kind {
        Xembed,         ///< trayer: icons are windows embedded in its own
        StatusNotifier, ///< xfce4-panel: icons are announced on the session bus
    };

    /// In pixels. trayer is at the right of the bottom edge; the panel is as wide as the display.
    static constexpr int trayerWidth = 160;
    static constexpr int panelHeight = 34;

    explicit TrayHost(Kind kind) : m_kind(kind) {}
    ~TrayHost();

    [[nodiscard]] Kind kind() const { return m_kind; }
    /// Waits until it has become the desktop's tray.
    [[nodiscard]] bool start();
    /// Like a crash; waits until the desktop has no tray.
    [[nodiscard]] bool kill();

private:
    Kind m_kind;
    QProcess m_process;
};

/// What other programs in the session can learn about our icon when the tray is a
/// StatusNotifierHost. Each call asks on the bus over its own connection; empty if no answer comes.
namespace StatusNotifier {

[[nodiscard]] bool hasHost();
/// All icons of the session, as named by the watcher.
[[nodiscard]] QStringList items();
[[nodiscard]] QString toolTip(const QString &item);

struct MenuEntry
{
    int id = 0;
    QString label; ///< without mnemonics; empty for a separator
    bool isEnabled = true;
};
/// The top level of the menu.
[[nodiscard]] QList<MenuEntry> menu(const QString &item);
/// Does what the host does when the entry is clicked.
[[nodiscard]] bool click(const QString &item, const MenuEntry &entry);

} // namespace StatusNotifier

} // namespace sami::test
