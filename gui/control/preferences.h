// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/inifile.h"

#include <QByteArray>
#include <QString>

namespace sami::gui {

/// What belongs to the tray app alone and lives in the settings file under gui_ keys, beside the
/// proxy's own settings. A value that cannot be read counts as not set: nothing here is worth an
/// error. "Start at login" is not here: the system holds it (autostart.h).
struct Preferences
{
    bool startMinimized = false;
    bool startProxyAtLaunch = true;
    bool closeNoticeShown = false; ///< "it goes on in the tray" was said once
    bool firstStartDone = false;   ///< the first-start page was seen to its end
    bool keepsLogFiles = false;    ///< the log goes to files too
    QString language;              ///< "en", "ru"; empty: the system's
    QByteArray windowGeometry;     ///< QWidget::saveGeometry()
    QByteArray connectionsLayout;  ///< ColumnFit::save(), of each table
    QByteArray recentLayout;
    QByteArray hostsLayout;
    QByteArray deniedLayout;
    QByteArray connectionsSplitter; ///< QSplitter::saveState()
    QString pane;                   ///< the tab in front: its object name; empty: the first
    QString lowerPane;              ///< the same below the live connections
    QString serversOff;             ///< parkedservers.h; has passwords in it

    [[nodiscard]] static Preferences read(const config::IniFile &ini);
    /// Touches only the keys whose values differ from what the file says.
    void write(config::IniFile &ini) const;
    friend bool operator==(const Preferences &, const Preferences &) = default;
};

} // namespace sami::gui
