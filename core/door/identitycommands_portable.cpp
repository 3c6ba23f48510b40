// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/optiontable.h"
#include "door/identitycommands.h"

#include <QSslSocket>

namespace sami::door {

using namespace Qt::StringLiterals;
using config::ConfigError;
using config::Settings;

namespace {

Unexpected<ConfigError> notHere(const QString &name, const QString &value = {})
{
    return Unexpected(
        ConfigError { name, value, u"TLS at the door is not supported on this system yet"_s });
}

} // namespace

CommandOutput identityPin(const Settings &)
{
    return notHere(u"--pin"_s);
}

CommandOutput exportedCertificate(const Settings &)
{
    return notHere(u"--export-cert"_s);
}

CommandOutput exportedBundle(const Settings &)
{
    return notHere(u"--export-bundle"_s);
}

CommandOutput renewedIdentity(const Settings &)
{
    return notHere(u"--new-identity"_s);
}

Result<void, ConfigError> keepName(const Settings &, const config::ServerName &)
{
    return notHere(u"--host"_s);
}

Result<void, ConfigError> tryIdentity(const Settings &settings)
{
    return checkIdentity(settings);
}

Result<void, ConfigError> checkIdentity(const Settings &settings)
{
    const QString &file = settings.tls.certificateFile;
    return file.isEmpty() ? Result<void, ConfigError>()
                          : notHere(QString::fromLatin1(config::certificateFileOption), file);
}

QString tlsLibrary()
{
    return QSslSocket::sslLibraryVersionString();
}

} // namespace sami::door
