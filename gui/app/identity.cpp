// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/app/identity.h"

#include "gui/widgets/stateicon.h"

#include <QApplication>

namespace sami::gui {

void setDesktopIdentity()
{
    QGuiApplication::setApplicationDisplayName(QStringLiteral("Sami LLM Proxy"));
    QGuiApplication::setDesktopFileName(QStringLiteral("sami-llm-proxy-tray"));
    QApplication::setWindowIcon(applicationIcon());
}

} // namespace sami::gui
