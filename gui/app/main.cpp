// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "base/logging.h"
#include "base/version.h"
#include "config/settingstext.h"
#include "gui/app/guicommandline.h"
#include "gui/app/trayapplication.h"
#include "gui/control/autostart.h"
#include "gui/control/coreengine.h"
#include "gui/control/logtap.h"
#include "gui/control/settingsstore.h"

#include <QApplication>
#include <QMessageBox>

#include <cstdio>
#include <utility>

using namespace sami;

namespace {

constexpr int exitOk = 0;
constexpr int exitFailed = 1;
constexpr int exitUsage = 2; ///< the settings are wrong

int complain(const QList<config::ConfigError> &errors)
{
    QString text;
    for (const config::ConfigError &error : errors)
        text += error.toString() + QLatin1Char('\n');
    std::fputs(text.toUtf8().constData(), stderr);
    // Who started it from an icon has no terminal to read.
    QMessageBox::critical(nullptr, QStringLiteral("Sami LLM Proxy"), text);
    return exitUsage;
}

void sayWhatIsSetAside(const gui::SettingsStore::Opened &opened)
{
    if (opened.setAsideAs.isEmpty())
        return;
    QString problems;
    for (const config::ConfigError &error : opened.damage)
        problems += error.toString() + QLatin1Char('\n');
    QMessageBox::warning(
        nullptr, QStringLiteral("Sami LLM Proxy"),
        QCoreApplication::translate("main",
                                    "The settings could not be read. The defaults count now; the "
                                    "old file is kept as\n%1\n\n%2")
            .arg(opened.setAsideAs, problems));
}

} // namespace

int main(int argc, char *argv[])
{
    QApplication application(argc, argv);
    QCoreApplication::setOrganizationName(QStringLiteral("sami-llm-proxy"));
    QCoreApplication::setApplicationName(QStringLiteral("sami-llm-proxy-tray"));
    QCoreApplication::setApplicationVersion(QStringLiteral(SAMI_VERSION));
    QGuiApplication::setApplicationDisplayName(QStringLiteral("Sami LLM Proxy"));
    QGuiApplication::setDesktopFileName(QStringLiteral("sami-llm-proxy-tray"));

    const gui::GuiCommandLine commandLine =
        gui::parseGuiCommandLine(QCoreApplication::arguments().mid(1));
    if (commandLine.rest.command == config::Command::Version) {
        std::puts("sami-llm-proxy-tray " SAMI_VERSION);
        return exitOk;
    }

    const QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    gui::SettingsStore store(
        { gui::settingsPath(commandLine, environment), environment, commandLine.rest });
    const auto opened = store.open();
    if (!opened)
        return complain(opened.error());

    gui::LogTap tap;
    LogWriter log([&tap](const QByteArray &lines) {
        tap.put(lines);
        return lines.size();
    });
    logging::setLevel(store.settings().log.level);
    logging::install(&log);
    logging::adoptQtMessages();

    int result = exitFailed;
    {
        const auto autostart = gui::makeAutostart(
            gui::autostartCommand(environment, gui::argumentsAtLogin(commandLine, store.path())),
            environment);
        gui::TrayApplication::Surroundings surroundings = gui::TrayApplication::desktop();
        surroundings.autostart = autostart.get();
        gui::TrayApplication app(store, std::make_unique<gui::CoreEngine>(), tap,
                                 std::move(surroundings));
        sayWhatIsSetAside(*opened);
        app.start(commandLine.startMinimized);
        result = QApplication::exec();
    }
    logging::install(nullptr);
    return result;
}
