// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/commandline.h"
#include "gui/control/settingsstore.h"

#include <QProcessEnvironment>
#include <QString>
#include <QStringList>

#include <optional>

namespace sami::gui {

/// The tray app's command line: its own switches and every flag of the settings.
struct GuiCommandLine
{
    bool startMinimized = false;      ///< --minimized: no window, just the tray icon
    bool isPortable = false;          ///< --portable: the settings lie beside the program
    bool asksToQuit = false;          ///< --quit: end the copy that runs, and say when it has
    std::optional<bool> startAtLogin; ///< --start-at-login, --no-start-at-login: set that, and exit
    config::CommandLine rest;         ///< --config, --help, --version and the settings' flags
};

[[nodiscard]] GuiCommandLine parseGuiCommandLine(QStringList arguments);

/// --help: the own switches, then every flag of the settings.
[[nodiscard]] QString guiHelpText();

/// Where the settings are: --config's file, beside the program (--portable, or a file portable.txt
/// that lies there), or the platform's place for them. The environment tells where an AppImage
/// lies.
[[nodiscard]] QString settingsPath(const GuiCommandLine &commandLine,
                                   const QProcessEnvironment &environment);

/// Where the program keeps what must outlive a restart, unless PROXY_STATE_DIR says it: beside a
/// portable program, or in the user's data. Each settings file that --config names has a folder of
/// its own: two proxies that listen at different addresses would sign one certificate against each
/// other. Empty where nothing is kept yet: clients speak TLS on Linux only.
[[nodiscard]] QString stateFolder(const GuiCommandLine &commandLine,
                                  const QProcessEnvironment &environment);

/// What the settings are read from.
[[nodiscard]] SettingsStore::Input settingsInput(const GuiCommandLine &commandLine,
                                                 const QProcessEnvironment &environment);

/// Where log files are kept: beside the settings of a portable program, or the platform's place.
[[nodiscard]] QString logFolder(const GuiCommandLine &commandLine,
                                const QProcessEnvironment &environment);

/// What start at login gives the program: the same settings as now. They say too whether it starts
/// with a window.
[[nodiscard]] QStringList argumentsAtLogin(const GuiCommandLine &commandLine,
                                           const QString &settingsPath);

} // namespace sami::gui
