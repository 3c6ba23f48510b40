// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "config/configerror.h"
#include "config/settings.h"

#include <QByteArray>
#include <QString>

/// What shells ask about the identity at the door: the commands --pin, --export-cert,
/// --export-bundle and --new-identity, and whether settings can be started with. Each works beside
/// a running daemon of the same settings. They block for as long as the disk does; any thread,
/// several at once. Where there is no TLS at the door (not Linux) each answers with an error that
/// says so.
namespace sami::door {

/// Text for standard output, with its line ends; the error names the setting.
using CommandOutput = Result<QByteArray, config::ConfigError>;

/// "sha256//…" of what is shown by these settings, one line. An identity that is not there yet is
/// made, if its folder is there.
[[nodiscard]] CommandOutput identityPin(const config::Settings &settings);
/// The certificates that are shown, PEM.
[[nodiscard]] CommandOutput exportedCertificate(const config::Settings &settings);
/// The system's authorities and these certificates, PEM, for what replaces a program's own list.
[[nodiscard]] CommandOutput exportedBundle(const config::Settings &settings);
/// Makes another key; says the old pin and the new one. A certificate of files is nobody's to renew
/// here: an error.
[[nodiscard]] CommandOutput renewedIdentity(const config::Settings &settings);

/// Keeps a name by which clients were told to call the proxy, for the certificate of the own
/// identity (identity.h). With a certificate of files it does nothing.
[[nodiscard]] Result<void, config::ConfigError> keepName(const config::Settings &settings,
                                                         const config::ServerName &name);

/// Whether a proxy can start with these settings, told before it does: makes what a start makes.
[[nodiscard]] Result<void, config::ConfigError> tryIdentity(const config::Settings &settings);
/// Whether what the settings name can be shown, for --check-config: changes nothing, makes nothing.
[[nodiscard]] Result<void, config::ConfigError> checkIdentity(const config::Settings &settings);

/// What TLS is made with: "OpenSSL 3.0.17 1 Jul 2025".
[[nodiscard]] QString tlsLibrary();

} // namespace sami::door
