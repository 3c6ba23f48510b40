// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "base/logging.h"
#include "base/version.h"
#include "config/settingstext.h"
#include "gui/app/guicommandline.h"
#include "gui/app/identity.h"
#include "gui/app/language.h"
#include "gui/app/linkargument.h"
#include "gui/app/singleinstance.h"
#include "gui/app/terminal.h"
#include "gui/app/terminationsignals.h"
#include "gui/app/trayapplication.h"
#include "gui/control/autostart.h"
#include "gui/control/logtap.h"
#include "gui/control/settingsstore.h"
#include "gui/text/coretext.h"
#include "gui/widgets/comboaccess.h"
#include "gui/widgets/messagebox.h"
#include "server/proxyserver.h"

#include <QApplication>
#include <QDir>
#include <QFileInfo>
#include <QScopeGuard>

#include <csignal>
#include <cstdio>
#include <memory>
#include <optional>
#include <utility>

using namespace sami;

namespace {

constexpr char unit[] = "gui.main";

constexpr int exitOk = 0;
constexpr int exitFailed = 1;
constexpr int exitUsage = 2; ///< the settings are wrong

int refuse(const QList<config::ConfigError> &errors)
{
    const QString text = config::toString(errors) + QLatin1Char('\n');
    std::fputs(text.toUtf8().constData(), stderr);
    return exitUsage;
}

/// Whether nobody would see a message box.
bool isWithoutScreen()
{
    const QString platform = QGuiApplication::platformName();
    return platform == QLatin1StringView("offscreen") || platform == QLatin1StringView("minimal");
}

int complain(const QList<config::ConfigError> &errors)
{
    const int code = refuse(errors);
    // A program started from an icon has no terminal, so it shows a box. Without a screen a box
    // would wait forever, and a script must end.
    if (!gui::isReadInTerminal() && !isWithoutScreen()) {
        const QString text = config::toString(errors) + QLatin1Char('\n');
        gui::MessageBox::giveUp(QStringLiteral("Sami LLM Proxy"), gui::CoreText::localized(text));
    }
    return code;
}

int refuseLink(const QString &problem)
{
    const QString text = QStringLiteral("sami-llm-proxy-tray: ") + problem + QLatin1Char('\n');
    std::fputs(text.toUtf8().constData(), stderr);
    return exitUsage;
}

/// Whether the command needs no screen, so that it works in a terminal without one.
bool isForTerminal(const gui::GuiCommandLine &commandLine)
{
    return commandLine.asksToQuit || commandLine.startAtLogin
        || commandLine.rest.command != config::Command::Run;
}

/// Prints the settings or what is wrong with them. Unlike a start, it takes nothing from a damaged
/// file.
int checkConfig(gui::SettingsStore::Input input)
{
    const gui::SettingsStore store(std::move(input));
    const auto loaded = store.read();
    if (!loaded) {
        const QString text = config::toString(loaded.error()) + QLatin1Char('\n');
        std::fputs(text.toUtf8().constData(), stderr);
        return exitUsage;
    }
    std::fputs(config::checkConfigText(*loaded).toUtf8().constData(), stdout);
    for (const QString &warning : loaded->warnings)
        std::fputs((warning + QLatin1Char('\n')).toUtf8().constData(), stderr);
    return exitOk;
}

/// How long the running copy gives its streams to finish, according to its settings file.
std::chrono::milliseconds shutdownGrace(gui::SettingsStore::Input input)
{
    const gui::SettingsStore store(std::move(input));
    const auto loaded = store.read();
    return (loaded ? loaded->settings : config::Settings()).timeouts.shutdownGrace;
}

int setStartAtLogin(const gui::GuiCommandLine &commandLine, const QString &path,
                    const QProcessEnvironment &environment)
{
    const auto autostart = gui::makeAutostart(
        gui::autostartCommand(environment, gui::argumentsAtLogin(commandLine, path)), environment);
    auto done = autostart->setEnabled(*commandLine.startAtLogin);
    // Like the box in the settings dialog: few users want a window at each login.
    gui::SettingsStore store(gui::settingsInput(commandLine, environment));
    if (done && *commandLine.startAtLogin && store.open()) {
        gui::Preferences preferences = store.preferences();
        preferences.startMinimized = true;
        done = store.savePreferences(preferences);
    }
    if (done)
        return exitOk;
    const QString text = QStringLiteral("sami-llm-proxy-tray: start at login: ") + done.error();
    std::fputs((text + QLatin1Char('\n')).toUtf8().constData(), stderr);
    return exitFailed;
}

/// The parser knows all commands of the daemon, so that the error can name the right program.
int refuseCommand(config::Command command)
{
    for (const config::CommandEntry &entry : config::commandTable()) {
        if (entry.command != command)
            continue;
        std::fprintf(stderr, "sami-llm-proxy-tray: %s is the daemon's, sami-llm-proxy\n",
                     entry.name);
        break;
    }
    return exitUsage;
}

int runInTerminal(const gui::GuiCommandLine &commandLine, const QString &path,
                  const QProcessEnvironment &environment)
{
    switch (commandLine.rest.command) {
    case config::Command::Run:
        break;
    case config::Command::CheckConfig:
        return checkConfig(gui::settingsInput(commandLine, environment));
    case config::Command::Version:
        std::puts("sami-llm-proxy-tray " SAMI_VERSION);
        return exitOk;
    case config::Command::Help:
        std::fputs(gui::guiHelpText().toUtf8().constData(), stdout);
        return exitOk;
    default: // every other command is the daemon's; for some of them the window has a page
        return refuseCommand(commandLine.rest.command);
    }
    if (commandLine.startAtLogin)
        return setStartAtLogin(commandLine, path, environment);
    gui::SingleInstance instance(path);
    if (instance.quitFirst(gui::SingleInstance::quitLimit
                           + shutdownGrace(gui::settingsInput(commandLine, environment))))
        return exitOk;
    std::fputs("sami-llm-proxy-tray: the running copy does not end; end it by hand.\n", stderr);
    return exitFailed;
}

/// The proxy creates its state folder but not the folders above it, and the user's data folder may
/// not exist yet.
void makeRoomForState(const config::StateSettings &state)
{
    if (state.isDefault() && !state.folder.isEmpty())
        QDir().mkpath(QFileInfo(state.folder).path());
}

/// Makes this copy the first and returns nothing; or hands over to the copy that runs, and returns
/// an exit code.
std::optional<int> becomeFirst(gui::SingleInstance &instance,
                               const QProcessEnvironment &environment, const QString &link)
{
    using Answer = gui::SingleInstance::Answer;
    QString token = environment.value(QStringLiteral("XDG_ACTIVATION_TOKEN"));
    if (token.isEmpty())
        token = environment.value(QStringLiteral("DESKTOP_STARTUP_ID"));
    Answer answer = Answer::Gone;
    while (answer == Answer::Gone) {
        if (instance.acquire())
            return std::nullopt;
        answer = instance.raiseFirst(token.toUtf8(), link);
    }
    if (answer == Answer::Done)
        return exitOk;
    const QString text = QCoreApplication::translate(
        "main", "Sami LLM Proxy is already running, but its window does not respond.");
    std::fputs((text + QLatin1Char('\n')).toUtf8().constData(), stderr);
    gui::MessageBox::giveUp(QStringLiteral("Sami LLM Proxy"), text);
    return exitFailed;
}

/// Runs the window, from the loaded settings to the end of the program.
int runWindow(const gui::GuiCommandLine &commandLine, const QProcessEnvironment &environment,
              gui::SettingsStore &store, gui::LogTap &tap, gui::SingleInstance &instance,
              const QString &link)
{
    const auto autostart = gui::makeAutostart(
        gui::autostartCommand(environment, gui::argumentsAtLogin(commandLine, store.path())),
        environment);
    gui::TrayApplication::Surroundings surroundings = gui::TrayApplication::desktop();
    surroundings.autostart = autostart.get();
    surroundings.keychain = gui::makeSystemKeychain();
    if (gui::carriesSettings(commandLine, environment))
        surroundings.passwords = gui::PasswordsKeeper::Mode::Portable;
    gui::TrayApplication app(store, std::make_unique<server::ProxyServer>(), tap,
                             std::move(surroundings));
    app.obey(instance);
    const gui::TerminationSignals orders;
    QObject::connect(&orders, &gui::TerminationSignals::requested, &app,
                     &gui::TrayApplication::terminate);
    app.start(commandLine.startMinimized);
    if (!link.isEmpty())
        app.offerServer(link);
    return QApplication::exec();
}

} // namespace

int main(int argc, char *argv[])
{
    const QByteArray taken = gui::takeLink(argc, argv);
    QCoreApplication::setOrganizationName(QStringLiteral("sami-llm-proxy"));
    QCoreApplication::setApplicationName(QStringLiteral("sami-llm-proxy-tray"));
    QCoreApplication::setApplicationVersion(QStringLiteral(SAMI_VERSION));
    const QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    gui::GuiCommandLine commandLine;
    QString path;
    {
        gui::attachToTerminal();
        const QCoreApplication terminal(argc, argv);
        commandLine = gui::parseGuiCommandLine(QCoreApplication::arguments().mid(1));
        path = gui::settingsPath(commandLine, environment);
        if (isForTerminal(commandLine))
            return runInTerminal(commandLine, path, environment);
        // Refuse before QApplication needs a screen: there may be none.
        if (!commandLine.rest.errors.isEmpty() && gui::isReadInTerminal())
            return refuse(commandLine.rest.errors);
    }
    const auto link = gui::linkOf(taken);
    if (!link)
        return refuseLink(link.error());

    QApplication application(argc, argv);
    gui::setDesktopIdentity();
    gui::Language language;
    language.use({});
    gui::giveCombosNames();

#ifdef SIGXFSZ
    // A limit on file sizes (ulimit -f) is an error of one write, not the end of the program.
    std::signal(SIGXFSZ, SIG_IGN);
#endif
    // Shared with the writer thread, which may outlive this function if a disk holds it up.
    const auto tap = std::make_shared<gui::LogTap>();
    tap->files().setFolder(gui::logFolder(commandLine, environment));
    LogWriter log([tap](const QByteArray &lines) {
        tap->put(lines);
        return lines.size();
    });
    logging::install(&log);
    const auto uninstall = qScopeGuard([] { logging::install(nullptr); });
    logging::adoptQtMessages();

    gui::SingleInstance instance(path);
    if (const std::optional<int> ended = becomeFirst(instance, environment, *link))
        return *ended;

    gui::SettingsStore store(gui::settingsInput(commandLine, environment));
    const auto opened = store.open();
    if (!opened)
        return complain(opened.error());
    language.use(store.preferences().language);
    makeRoomForState(store.settings().state);
    logging::setLevel(store.settings().log.level);
    for (const QString &warning : store.loaded().warnings)
        logInfo(unit, warning.toUtf8());
    if (store.damage())
        logError(unit, "the settings file is damaged", { { "file", store.path().toUtf8() } });

    return runWindow(commandLine, environment, store, *tap, instance, *link);
}
