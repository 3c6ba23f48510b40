// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "config/configerror.h"
#include "config/settings.h"

#include <QByteArray>
#include <QString>

/// The shells' commands about the door's identity: --pin, --export-cert, --export-bundle and
/// --new-identity, and whether a start with the settings can succeed. Each works beside a running
/// daemon with the same settings. They block for as long as the disk does; any thread, several at
/// once. Where the door has no TLS (not Linux), each returns an error that says so.
namespace sami::door {

/// Text for standard output, with its line ends; the error names the setting.
using CommandOutput = Result<QByteArray, config::ConfigError>;

/// "sha256//…" of the certificate that these settings show, one line. Creates a missing identity if
/// its folder exists.
[[nodiscard]] CommandOutput identityPin(const config::Settings &settings);
/// The certificates that are shown, as PEM. An error if the identity's certificate would have to be
/// signed and cannot be written: a running proxy shows another one.
[[nodiscard]] CommandOutput exportedCertificate(const config::Settings &settings);
/// The system's authorities plus these certificates, as PEM, for programs in which a file of
/// authorities replaces their own list.
[[nodiscard]] CommandOutput exportedBundle(const config::Settings &settings);
/// Replaces the key. The output has the old pin and the new one, and a warning if the new
/// certificate could not be written. An error for certificate files: those cannot be renewed here.
[[nodiscard]] CommandOutput renewedIdentity(const config::Settings &settings);

/// Keeps a name that clients were given for the proxy, so that our own identity covers it
/// (identity.h). Does nothing for certificate files.
[[nodiscard]] Result<void, config::ConfigError> keepName(const config::Settings &settings,
                                                         const config::ServerName &name);

/// Whether a proxy can start with these settings, before it does. Creates what a start would
/// create.
[[nodiscard]] Result<void, config::ConfigError> tryIdentity(const config::Settings &settings);
/// Whether the configured certificate can be shown, for --check-config. Changes and creates
/// nothing.
[[nodiscard]] Result<void, config::ConfigError> checkIdentity(const config::Settings &settings);

/// The TLS library: "OpenSSL 3.0.17 1 Jul 2025".
[[nodiscard]] QString tlsLibrary();

} // namespace sami::door
