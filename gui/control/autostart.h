// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"

#include <QProcessEnvironment>
#include <QString>
#include <QStringList>

#include <memory>

namespace sami::gui {

/// Whether the system starts this program at login. The system stores that, not our settings file.
/// Main thread.
class Autostart
{
    Q_DISABLE_COPY_MOVE(Autostart)

public:
    virtual ~Autostart() = default;

    [[nodiscard]] virtual bool isEnabled() const = 0;
    /// The error is a sentence for the user.
    [[nodiscard]] virtual Result<void, QString> setEnabled(bool enabled) = 0;

protected:
    Autostart() = default;
};

/// The command to run at login.
struct AutostartCommand
{
    QString program;       ///< absolute
    QStringList arguments; ///< "--config" and a path, or "--portable"; usually empty
};

/// This program, or the AppImage that it runs from ($APPIMAGE): the program's path inside an
/// AppImage exists only while it runs.
[[nodiscard]] AutostartCommand autostartCommand(const QProcessEnvironment &environment,
                                                const QStringList &arguments);

/// The platform's mechanism: XDG autostart, the Run key on Windows, a LaunchAgent on macOS.
/// `environment` gives XDG's folder.
[[nodiscard]] std::unique_ptr<Autostart> makeAutostart(const AutostartCommand &command,
                                                       const QProcessEnvironment &environment);

} // namespace sami::gui
