// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/inifile.h"

#include <QByteArray>
#include <QString>

namespace sami::gui {

/// The tray app's own preferences, stored in the settings file under gui_ keys beside the proxy's
/// settings. A value that cannot be parsed counts as not set: nothing here is worth an error.
/// "Start at login" is not here: the system stores it (autostart.h).
struct Preferences
{
    bool startMinimized = false;
    bool startProxyAtLaunch = true;
    bool closeNoticeShown = false; ///< the user was told that it keeps running in the tray
    bool firstStartDone = false;   ///< the user has finished the first-start page
    bool keepsLogFiles = false;    ///< the log is written to files too
    QString language;              ///< "en", "ru"; empty: the system's
    QByteArray windowGeometry;     ///< QWidget::saveGeometry()
    QByteArray connectionsLayout;  ///< ColumnFit::save(), one for each table
    QByteArray recentLayout;
    QByteArray hostsLayout;
    QByteArray deniedLayout;
    QByteArray connectionsSplitter; ///< QSplitter::saveState()
    QString pane;                   ///< the object name of the open tab; empty: the first
    QString lowerPane;              ///< the same for the tabs below the live connections
    QString serversOff;             ///< parkedservers.h; contains passwords

    [[nodiscard]] static Preferences read(const config::IniFile &ini);
    /// Changes only the keys whose values differ from the file's.
    void write(config::IniFile &ini) const;
    friend bool operator==(const Preferences &, const Preferences &) = default;
};

} // namespace sami::gui
