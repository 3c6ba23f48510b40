// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/app/guicommandline.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>

namespace sami::gui {

using namespace Qt::StringLiterals;

namespace {

constexpr auto fileName = "sami-llm-proxy-tray.ini"_L1;

/// Where the program lies for its user: an AppImage runs from a mount that is gone at its end.
QString programFolder(const QProcessEnvironment &environment)
{
    const QString appImage = environment.value(u"APPIMAGE"_s);
    return appImage.isEmpty() ? QCoreApplication::applicationDirPath()
                              : QFileInfo(appImage).absolutePath();
}

} // namespace

GuiCommandLine parseGuiCommandLine(QStringList arguments)
{
    GuiCommandLine commandLine;
    commandLine.startMinimized = arguments.removeAll(u"--minimized"_s) > 0;
    commandLine.isPortable = arguments.removeAll(u"--portable"_s) > 0;
    commandLine.asksToQuit = arguments.removeAll(u"--quit"_s) > 0;
    commandLine.rest = config::parseCommandLine(arguments);
    return commandLine;
}

QString settingsPath(const GuiCommandLine &commandLine, const QProcessEnvironment &environment)
{
    if (!commandLine.rest.configFile.isEmpty())
        return QFileInfo(commandLine.rest.configFile).absoluteFilePath();
    const QString folder = commandLine.isPortable
        ? programFolder(environment)
        : QStandardPaths::writableLocation(QStandardPaths::AppConfigLocation);
    return QDir(folder).filePath(fileName);
}

QStringList argumentsAtLogin(const GuiCommandLine &commandLine, const QString &settingsPath)
{
    QStringList arguments { u"--minimized"_s };
    if (!commandLine.rest.configFile.isEmpty())
        arguments += { u"--config"_s, settingsPath };
    else if (commandLine.isPortable)
        arguments.append(u"--portable"_s);
    return arguments;
}

} // namespace sami::gui
