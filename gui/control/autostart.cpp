// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/control/autostart.h"

#include <QCoreApplication>

namespace sami::gui {

AutostartCommand autostartCommand(const QProcessEnvironment &environment,
                                  const QStringList &arguments)
{
    const QString appImage = environment.value(QStringLiteral("APPIMAGE"));
    return { appImage.isEmpty() ? QCoreApplication::applicationFilePath() : appImage, arguments };
}

} // namespace sami::gui
