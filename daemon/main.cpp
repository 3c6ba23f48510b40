// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "admin/tokencommands.h"
#include "admin/tokenfile.h"
#include "base/logging.h"
#include "base/version.h"
#include "config/commandline.h"
#include "config/hosttext.h"
#include "config/settingsloader.h"
#include "config/settingstext.h"
#include "daemon/console.h"
#include "daemon/healthcheck.h"
#include "daemon/qrtext.h"
#include "daemon/service.h"
#include "daemon/statuscommand.h"
#include "daemon/usercommands.h"
#include "door/identitycommands.h"
#include "door/ownlink.h"
#include "server/proxyserver.h"

#include <QCoreApplication>
#include <QJsonDocument>

#include <chrono>
#include <cstdlib>
#include <optional>
#include <utility>

using namespace sami;

namespace {

constexpr char unit[] = "daemon.main";

// Exit codes; docs/settings.md lists them too.
constexpr int exitOk = 0;
constexpr int exitFailed = 1; ///< cannot start, or not healthy
constexpr int exitUsage = 2;  ///< the settings are wrong

void reportErrors(const QList<config::ConfigError> &errors)
{
    daemon::printError(config::toString(errors) + QLatin1Char('\n'));
}

int checkHealth(const config::Settings &settings)
{
    const QString problem = daemon::checkHealth(settings);
    if (problem.isEmpty())
        return exitOk;
    daemon::printError(QStringLiteral("not healthy: %1\n").arg(problem));
    return exitFailed;
}

/// A caller that redirects the output must learn that it is lost: a new password is shown only
/// once.
int printed(bool isPrinted)
{
    if (isPrinted)
        return exitOk;
    daemon::printError(QStringLiteral("standard output cannot be written: what this command has "
                                      "to say is lost, what it has done stays done\n"));
    return exitFailed;
}

int print(const QString &text)
{
    return printed(daemon::printOut(text));
}

int printOr(const Result<QByteArray, config::ConfigError> &output)
{
    if (!output) {
        reportErrors({ output.error() });
        return exitUsage;
    }
    return print(QString::fromUtf8(*output));
}

int printLink(const config::Settings &settings, const config::CommandLine &line)
{
    auto user = daemon::linkUser(settings, line);
    if (!user) {
        reportErrors({ user.error() });
        return exitUsage;
    }
    const auto link =
        door::ownLink(settings,
                      { line.details.value(QStringLiteral("--host")),
                        line.details.value(QStringLiteral("--name")), std::move(user).value() });
    if (!link) {
        reportErrors({ link.error() });
        return exitUsage;
    }
    if (line.details.contains(QStringLiteral("--qr"))) {
        const auto picture = daemon::qrText(link->text);
        if (!picture) {
            reportErrors({ { QStringLiteral("--qr"), {}, picture.error() } });
            return exitUsage;
        }
        if (const int code = printed(daemon::printPicture(*picture)); code != exitOk)
            return code;
    }
    const int code = print(QString::fromLatin1(link->text) + QLatin1Char('\n'));
    for (const QString &warning : link->warnings)
        daemon::printError(warning + QLatin1Char('\n'));
    return code;
}

int runUserCommand(const config::Settings &settings, const config::CommandLine &line)
{
    const auto done = daemon::runUserCommand(settings, line);
    if (!done) {
        reportErrors({ done.error() });
        return exitUsage;
    }
    const int code = print(done->text);
    for (const QString &hint : done->hints)
        daemon::printError(hint + QLatin1Char('\n'));
    return code;
}

int makeToken(const config::Settings &settings, const config::CommandLine &line)
{
    return printOr(
        admin::newToken(settings,
                        { line.operands.value(0), line.details.value(QStringLiteral("--right")),
                          line.details.value(QStringLiteral("--until")) }));
}

int printStatus(const config::Settings &settings, const config::CommandLine &line)
{
    const auto status = daemon::askStatus(settings);
    if (!status) {
        daemon::printError(status.error() + QLatin1Char('\n'));
        return exitFailed;
    }
    return print(line.details.contains(QStringLiteral("--json"))
                     ? QString::fromUtf8(QJsonDocument(*status).toJson(QJsonDocument::Compact))
                         + QLatin1Char('\n')
                     : daemon::statusText(*status));
}

/// Returns whether a check of the settings succeeded; reports its error if not.
bool passes(const Result<void, config::ConfigError> &check)
{
    if (!check)
        reportErrors({ check.error() });
    return bool(check);
}

/// Checks the files that the settings name, except the identity's.
bool filesPass(const config::Settings &settings)
{
    return passes(daemon::checkUsers(settings)) && passes(admin::tryTokens(settings));
}

/// Settings can be valid and still name something that is not.
int checkConfig(const config::LoadedSettings &loaded)
{
    if (!passes(door::checkIdentity(loaded.settings)) || !filesPass(loaded.settings))
        return exitUsage;
    const int code = print(config::checkConfigText(loaded));
    for (const QString &warning : loaded.warnings)
        daemon::printError(warning + QLatin1Char('\n'));
    return code;
}

/// The exit code of a command; empty if the proxy is to run.
std::optional<int> runCommand(const config::CommandLine &line, const config::LoadedSettings &loaded)
{
    const config::Settings &settings = loaded.settings;
    switch (line.command) {
    case config::Command::CheckConfig:
        return checkConfig(loaded);
    case config::Command::HealthCheck:
        return checkHealth(settings);
    case config::Command::Pin:
        return printOr(door::identityPin(settings));
    case config::Command::ExportCertificate:
        return printOr(door::exportedCertificate(settings));
    case config::Command::ExportBundle:
        return printOr(door::exportedBundle(settings));
    case config::Command::NewIdentity:
        return printOr(door::renewedIdentity(settings));
    case config::Command::Link:
        return printLink(settings, line);
    case config::Command::UserAdd:
    case config::Command::UserPasswd:
    case config::Command::UserEnable:
    case config::Command::UserDisable:
    case config::Command::UserRemove:
    case config::Command::UserList:
        return runUserCommand(settings, line);
    case config::Command::TokenNew:
        return makeToken(settings, line);
    case config::Command::TokenList:
        return printOr(admin::listTokens(settings));
    case config::Command::TokenRevoke:
        return printOr(admin::revokeToken(settings, line.operands.value(0)));
    case config::Command::Status:
        return printStatus(settings, line);
    case config::Command::Run:
    case config::Command::Help: // these have been answered, without settings
    case config::Command::Version:
    case config::Command::PrintHostPresets:
    case config::Command::PrintSettingsTable:
        break;
    }
    return std::nullopt;
}

int run(const config::LoadInput &input, const config::LoadedSettings &loaded)
{
    daemon::writeLogUnbuffered();
    // Before the first thread, so that signals go to the main thread; they wait until there is a
    // proxy.
    std::optional<daemon::SignalHold> hold(std::in_place);
    LogWriter log(daemon::writeLogLines);
    log.setFormat(loaded.settings.log.format);
    logging::setLevel(loaded.settings.log.level);
    logging::install(&log);
    logging::adoptQtMessages();

    server::ProxyServer proxy;
    daemon::Service service(input, log, proxy);
    QObject::connect(&service, &daemon::Service::started, qApp, [&hold] { hold.reset(); });
    QObject::connect(&service, &daemon::Service::failed, qApp, [](const QString &reason) {
        daemon::printError(QStringLiteral("cannot start: %1\n").arg(reason));
        QCoreApplication::exit(exitFailed);
    });
    QObject::connect(
        &service, &daemon::Service::finished, qApp, [] { QCoreApplication::exit(exitOk); },
        Qt::QueuedConnection);
    service.start(loaded);
    const int result = QCoreApplication::exec();
    if (result == exitOk)
        logInfo(unit, "stopped");
    log.flush(std::chrono::seconds(1));
    // A resolver thread may be stuck in a look-up for many seconds: do not wait for it.
    std::_Exit(result);
}

/// Runs the command, or the proxy.
int obey(const config::LoadInput &input, const config::LoadedSettings &loaded)
{
    if (const auto done = runCommand(input.commandLine, loaded))
        return *done;
    // Before anything is opened, so that a wrong setting ends with 2 whichever stage finds it.
    if (!passes(door::tryIdentity(loaded.settings)) || !filesPass(loaded.settings))
        return exitUsage;
    return run(input, loaded);
}

} // namespace

int main(int argc, char *argv[])
{
    daemon::prepareConsole();
    const QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("sami-llm-proxy"));
    QCoreApplication::setApplicationVersion(QStringLiteral(SAMI_VERSION));

    config::LoadInput input;
    input.commandLine = config::parseCommandLine(QCoreApplication::arguments().mid(1));
    input.environment = QProcessEnvironment::systemEnvironment();
    switch (input.commandLine.command) {
    case config::Command::Help:
        return print(config::helpText(QStringLiteral("sami-llm-proxy"), input.defaults));
    case config::Command::Version:
        return print(QStringLiteral("sami-llm-proxy " SAMI_VERSION "\n%1\nQt %2\n")
                         .arg(door::tlsLibrary(), QLatin1StringView(qVersion())));
    case config::Command::PrintHostPresets:
        return print(config::hostPresetsMarkdown());
    case config::Command::PrintSettingsTable:
        return print(config::settingsTableMarkdown(input.defaults));
    default:
        break;
    }

    // The user of a command that only queries a running proxy may see less of this machine.
    const bool onlyAsks = input.commandLine.command == config::Command::HealthCheck
        || input.commandLine.command == config::Command::Status;
    input.triesSourceAddress = !onlyAsks;
    input.readsState = !onlyAsks;
    const auto loaded = config::loadSettings(input);
    if (!loaded) {
        reportErrors(loaded.error());
        return exitUsage;
    }
    return obey(input, *loaded);
}
