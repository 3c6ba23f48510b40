// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/commandline.h"
#include "gui/control/settingsstore.h"

#include <QProcessEnvironment>
#include <QString>
#include <QStringList>

#include <optional>
#include <string_view>

namespace sami::gui {

/// The tray app's command line: its own switches and every flag of the settings.
struct GuiCommandLine
{
    bool startMinimized = false;      ///< --minimized: no window, only the tray icon
    bool isPortable = false;          ///< --portable: the settings are beside the program
    bool asksToQuit = false;          ///< --quit: end the running copy, and wait for its end
    std::optional<bool> startAtLogin; ///< --start-at-login, --no-start-at-login: set that, and exit
    config::CommandLine rest;         ///< --config, --help, --version and the settings' flags
};

[[nodiscard]] GuiCommandLine parseGuiCommandLine(QStringList arguments);

/// Whether the argument is a switch, which takes no value. Call it before Qt is there.
[[nodiscard]] bool isSwitch(std::string_view argument);

/// --help: our own switches, then every flag of the settings.
[[nodiscard]] QString guiHelpText();

/// Whether the program carries its settings with it: --portable, or a file portable.txt beside it;
/// not if --config names a file.
[[nodiscard]] bool carriesSettings(const GuiCommandLine &commandLine,
                                   const QProcessEnvironment &environment);

/// The path of the settings: --config's file, or beside the program (--portable, or a file
/// portable.txt there), or the platform's place for them. The environment tells where an AppImage
/// is.
[[nodiscard]] QString settingsPath(const GuiCommandLine &commandLine,
                                   const QProcessEnvironment &environment);

/// The folder for what must outlive a restart, unless PROXY_STATE_DIR names one: beside a portable
/// program, otherwise in the user's data. Each settings file of --config has its own folder: two
/// proxies with different addresses would keep replacing each other's certificate. Empty on
/// platforms that store nothing yet: clients can use TLS on Linux only.
[[nodiscard]] QString stateFolder(const GuiCommandLine &commandLine,
                                  const QProcessEnvironment &environment);

/// The sources of the settings.
[[nodiscard]] SettingsStore::Input settingsInput(const GuiCommandLine &commandLine,
                                                 const QProcessEnvironment &environment);

/// The folder for log files: beside a portable program, even if --config names another settings
/// file; otherwise the platform's place.
[[nodiscard]] QString logFolder(const GuiCommandLine &commandLine,
                                const QProcessEnvironment &environment);

/// The arguments with which a start at login uses the same settings file as this start. The
/// settings also say whether to start with a window.
[[nodiscard]] QStringList argumentsAtLogin(const GuiCommandLine &commandLine,
                                           const QString &settingsPath);

} // namespace sami::gui
