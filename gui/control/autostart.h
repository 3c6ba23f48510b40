// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"

#include <QProcessEnvironment>
#include <QString>
#include <QStringList>

#include <memory>

namespace sami::gui {

/// Whether the system starts this program at login: the system holds that, not the settings file.
/// Main thread.
class Autostart
{
    Q_DISABLE_COPY_MOVE(Autostart)

public:
    virtual ~Autostart() = default;

    [[nodiscard]] virtual bool isEnabled() const = 0;
    /// The error is a sentence for a person.
    [[nodiscard]] virtual Result<void, QString> setEnabled(bool enabled) = 0;

protected:
    Autostart() = default;
};

/// What is started at login.
struct AutostartCommand
{
    QString program;       ///< absolute
    QStringList arguments; ///< "--minimized" …
};

/// This program, or the AppImage that it runs from ($APPIMAGE: the program inside it is at a path
/// that is gone at its end).
[[nodiscard]] AutostartCommand autostartCommand(const QProcessEnvironment &environment,
                                                const QStringList &arguments);

/// The platform's way: XDG autostart, the Run key of Windows, a LaunchAgent of macOS. The
/// environment tells where XDG's folder is.
[[nodiscard]] std::unique_ptr<Autostart> makeAutostart(const AutostartCommand &command,
                                                       const QProcessEnvironment &environment);

} // namespace sami::gui
