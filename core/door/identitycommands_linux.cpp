// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/optiontable.h"
#include "door/certificatefiles.h"
#include "door/doorcertificate.h"
#include "door/identity.h"
#include "door/identitycommands.h"
#include "door/memorydumps.h"
#include "door/statefolder.h"
#include "net/authorities.h"

#include <QDir>
#include <QFileInfo>
#include <QSslCertificate>

#include <openssl/crypto.h>
#include <utility>

namespace sami::door {

using namespace Qt::StringLiterals;
using config::ConfigError;
using config::Settings;

namespace {

Unexpected<ConfigError> inFolder(const Settings &settings, const QString &problem)
{
    return Unexpected(ConfigError { QString::fromLatin1(config::stateFolderOption),
                                    settings.state.folder, problem });
}

Result<StateFolder, ConfigError> openFolder(const Settings &settings)
{
    if (settings.state.folder.isEmpty()) {
        return inFolder(settings,
                        u"is not set, so that there is no identity; set it, or %1 and %2"_s.arg(
                            QLatin1StringView(config::certificateFileOption),
                            QLatin1StringView(config::keyFileOption)));
    }
    auto folder = StateFolder::open(settings.state.folder, StateFolder::As::Visitor);
    if (!folder)
        return inFolder(settings, folder.error());
    return std::move(folder).value();
}

Result<Material, ConfigError> pairOf(const Settings &settings)
{
    const CertificateFiles files { settings.tls.certificateFile, settings.tls.keyFile };
    auto content = readPair(files);
    if (!content)
        return Unexpected(content.error());
    return judgePair(std::move(content).value(), files, WallClock::now());
}

/// The certificate that these settings show. An existing identity stays as it is: only the daemon
/// knows which names it needs.
Result<Material, ConfigError> shownBy(const Settings &settings)
{
    keepOutOfDumps();
    if (!settings.tls.certificateFile.isEmpty())
        return pairOf(settings);
    auto folder = openFolder(settings);
    if (!folder)
        return Unexpected(folder.error());
    auto there = readIdentity(*folder);
    if (!there)
        return inFolder(settings, there.error());
    if (*there)
        return std::move(**there);
    auto made = useKnownIdentity(*folder, DoorMachine().names(settings), WallClock::now());
    if (!made)
        return inFolder(settings, made.error());
    return std::move(made).value();
}

/// The same, for an export that clients keep. A certificate that exists only in memory is an error:
/// it is gone when this command ends, and no proxy will ever show it.
Result<Material, ConfigError> exportedBy(const Settings &settings)
{
    auto shown = shownBy(settings);
    if (shown && !shown->unwritten.isEmpty()) {
        return inFolder(settings,
                        u"has no certificate of the identity, and a new one cannot be written: "_s
                            + shown->unwritten);
    }
    return shown;
}

} // namespace

CommandOutput identityPin(const Settings &settings)
{
    const auto shown = shownBy(settings);
    if (!shown)
        return Unexpected(shown.error());
    return shown->pin + '\n';
}

CommandOutput exportedCertificate(const Settings &settings)
{
    const auto shown = exportedBy(settings);
    if (!shown)
        return Unexpected(shown.error());
    return shown->chain;
}

CommandOutput exportedBundle(const Settings &settings)
{
    const auto shown = exportedBy(settings);
    if (!shown)
        return Unexpected(shown.error());
    const QList<QSslCertificate> system = net::systemAuthorities();
    // Without the system's authorities, a program that uses the bundle would trust no other server,
    // and nothing would say why.
    if (system.isEmpty()) {
        return Unexpected(ConfigError { u"--export-bundle"_s,
                                        {},
                                        u"the system has no list of authorities; --export-cert has "
                                        "our certificate alone"_s });
    }
    QByteArray bundle;
    for (const QSslCertificate &authority : system)
        bundle += authority.toPem();
    return bundle + shown->chain;
}

CommandOutput renewedIdentity(const Settings &settings)
{
    keepOutOfDumps();
    if (!settings.tls.certificateFile.isEmpty()) {
        return Unexpected(ConfigError {
            QString::fromLatin1(config::certificateFileOption), settings.tls.certificateFile,
            u"this certificate is shown, and the own identity is not in use; the issuer of "
            "the certificate renews its key"_s });
    }
    auto folder = openFolder(settings);
    if (!folder)
        return Unexpected(folder.error());
    const auto change = newIdentity(*folder, DoorMachine().names(settings), WallClock::now());
    if (!change)
        return inFolder(settings, change.error());
    QByteArray text;
    if (!change->formerPin.isEmpty())
        text += "old pin: " + change->formerPin + '\n';
    text +=
        "new pin: " + change->pin + "\nA running proxy shows it within a minute, or at SIGHUP.\n";
    if (!change->unwritten.isEmpty()) {
        const ConfigError warning { QString::fromLatin1(config::stateFolderOption),
                                    settings.state.folder, change->unwritten };
        text += "warning: " + warning.toString().toUtf8()
            + "\nUntil it can be written, each start and each command signs a certificate of its "
              "own.\n";
    }
    return text;
}

Result<void, ConfigError> keepName(const Settings &settings, const config::ServerName &name)
{
    if (!settings.tls.certificateFile.isEmpty() || DoorMachine().names(settings).contains(name))
        return {};
    auto folder = openFolder(settings);
    if (!folder)
        return Unexpected(folder.error());
    const auto kept = addIdentityName(*folder, name);
    return kept ? Result<void, ConfigError>() : inFolder(settings, kept.error());
}

Result<void, ConfigError> tryIdentity(const Settings &settings)
{
    const auto shown = DoorCertificate().renewed(settings);
    return shown ? Result<void, ConfigError>() : Unexpected(shown.error());
}

Result<void, ConfigError> checkIdentity(const Settings &settings)
{
    if (!settings.tls.certificateFile.isEmpty()) {
        const auto pair = pairOf(settings);
        return pair ? Result<void, ConfigError>() : Unexpected(pair.error());
    }
    const QString &path = settings.state.folder;
    if (path.isEmpty() || settings.state.isDefault())
        return {};
    const QFileInfo info(path);
    // A start would create it.
    if (!info.exists() && !info.isSymLink()) {
        return info.dir().exists()
            ? Result<void, ConfigError>()
            : inFolder(settings, u"is not there, and neither is the folder that it would be in"_s);
    }
    auto folder = openFolder(settings);
    if (!folder)
        return Unexpected(folder.error());
    const auto there = readIdentity(*folder);
    return there ? Result<void, ConfigError>() : inFolder(settings, there.error());
}

QString tlsLibrary()
{
    return QString::fromLatin1(OpenSSL_version(OPENSSL_VERSION));
}

} // namespace sami::door
