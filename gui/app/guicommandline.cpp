// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/app/guicommandline.h"

#include "config/settingstext.h"
#include "gui/control/logfile.h"
#include "gui/control/settingsstore.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>

#include <algorithm>
#include <array>

namespace sami::gui {

using namespace Qt::StringLiterals;

namespace {

constexpr auto fileName = "sami-llm-proxy-tray.ini"_L1;
/// A file that a portable package has beside the program.
constexpr auto portableMark = "portable.txt"_L1;

constexpr auto minimized = "--minimized"_L1;
constexpr auto portable = "--portable"_L1;
constexpr auto quit = "--quit"_L1;
constexpr auto atLogin = "--start-at-login"_L1;
constexpr auto notAtLogin = "--no-start-at-login"_L1;
/// What the daemon's command line knows too is at the end.
constexpr std::array switches { minimized,  portable,    quit,    atLogin,
                                notAtLogin, "--help"_L1, "-h"_L1, "--version"_L1 };

constexpr auto stateName = "state"_L1;
/// How many digits of the hash of a settings file's path are part of its state folder's name.
constexpr qsizetype digestDigits = 16;

/// The folder where the user keeps the program. For an AppImage that is the folder of its file: it
/// runs from a mount that vanishes when it ends.
QString programFolder(const QProcessEnvironment &environment)
{
    const QString appImage = environment.value(u"APPIMAGE"_s);
    return appImage.isEmpty() ? QCoreApplication::applicationDirPath()
                              : QFileInfo(appImage).absolutePath();
}

bool isPortable(const GuiCommandLine &commandLine, const QProcessEnvironment &environment)
{
    return commandLine.isPortable || QDir(programFolder(environment)).exists(portableMark);
}

} // namespace

GuiCommandLine parseGuiCommandLine(QStringList arguments)
{
    GuiCommandLine commandLine;
    commandLine.startMinimized = arguments.removeAll(minimized) > 0;
    commandLine.isPortable = arguments.removeAll(portable) > 0;
    commandLine.asksToQuit = arguments.removeAll(quit) > 0;
    if (arguments.removeAll(atLogin) > 0)
        commandLine.startAtLogin = true;
    if (arguments.removeAll(notAtLogin) > 0)
        commandLine.startAtLogin = false;
    commandLine.rest = config::parseCommandLine(arguments);
    return commandLine;
}

bool isSwitch(std::string_view argument)
{
    return std::any_of(switches.begin(), switches.end(), [argument](QLatin1StringView known) {
        return argument == std::string_view(known.data(), size_t(known.size()));
    });
}

QString guiHelpText()
{
    using config::helpEntry;
    QString text =
        u"Usage: sami-llm-proxy-tray [options] [LINK | @FILE]\n\n"
        "A light forward proxy for LLM API calls, with a window and an icon in the tray.\n"
        "The LINK of a server (sami-proxy://…), or a FILE with one, is shown in the settings.\n\n"
        "Options:\n"_s;
    text += helpEntry(minimized, u"Start without a window: the icon in the tray is enough."_s);
    text += helpEntry(portable,
                      u"Keep the settings file beside the program; a file portable.txt there does "
                      "the same."_s);
    text += helpEntry(quit,
                      u"End the copy that runs with the same settings file once its streams have "
                      "finished or their time is up, wait until it is gone, and exit: 0, also when "
                      "none runs, or 1 when it does not end."_s);
    text += helpEntry(u"--start-at-login, --no-start-at-login"_s,
                      u"Have the system start the program at login, or no longer, and exit."_s);
    text += helpEntry(u"--version"_s, u"Print the version and exit."_s);
    text += helpEntry(u"-h, --help"_s, u"Print this and exit."_s);
    return text + u'\n' + config::settingsHelpText(SettingsStore::defaults());
}

bool carriesSettings(const GuiCommandLine &commandLine, const QProcessEnvironment &environment)
{
    return commandLine.rest.configFile.isEmpty() && isPortable(commandLine, environment);
}

QString settingsPath(const GuiCommandLine &commandLine, const QProcessEnvironment &environment)
{
    if (!commandLine.rest.configFile.isEmpty())
        return QFileInfo(commandLine.rest.configFile).absoluteFilePath();
    const QString folder = isPortable(commandLine, environment)
        ? programFolder(environment)
        : QStandardPaths::writableLocation(QStandardPaths::AppConfigLocation);
    return QDir(folder).filePath(fileName);
}

QString stateFolder(const GuiCommandLine &commandLine, const QProcessEnvironment &environment)
{
#ifdef Q_OS_LINUX
    const QString &named = commandLine.rest.configFile;
    if (carriesSettings(commandLine, environment))
        return QDir(programFolder(environment)).filePath(stateName);
    const QDir data(QStandardPaths::writableLocation(QStandardPaths::AppDataLocation));
    if (named.isEmpty())
        return data.filePath(stateName);
    const QByteArray digest =
        QCryptographicHash::hash(settingsPath(commandLine, environment).toUtf8(),
                                 QCryptographicHash::Sha256)
            .toHex()
            .first(digestDigits);
    return data.filePath(stateName + u'-' + QString::fromLatin1(digest));
#else
    Q_UNUSED(commandLine)
    Q_UNUSED(environment)
    return {};
#endif
}

SettingsStore::Input settingsInput(const GuiCommandLine &commandLine,
                                   const QProcessEnvironment &environment)
{
    return { settingsPath(commandLine, environment), environment, commandLine.rest,
             stateFolder(commandLine, environment) };
}

QString logFolder(const GuiCommandLine &commandLine, const QProcessEnvironment &environment)
{
    return isPortable(commandLine, environment)
        ? QDir(programFolder(environment)).filePath(u"logs"_s)
        : LogFile::usualFolder(environment);
}

QStringList argumentsAtLogin(const GuiCommandLine &commandLine, const QString &settingsPath)
{
    // No --minimized: the settings file says whether to start with a window, and the dialog's box
    // is there.
    QStringList arguments;
    if (!commandLine.rest.configFile.isEmpty())
        arguments += { u"--config"_s, settingsPath };
    else if (commandLine.isPortable)
        arguments.append(u"--portable"_s);
    return arguments;
}

} // namespace sami::gui
