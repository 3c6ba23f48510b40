// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "config/configerror.h"
#include "door/material.h"

#include <QByteArray>
#include <QString>

namespace sami::door {

/// The files that PROXY_TLS_CERT_FILE and PROXY_TLS_KEY_FILE name. They may be renewed in any way:
/// by a rename, by switching a symbolic link (Kubernetes), or by writing one after the other in
/// place. So only their content counts, never a date or an inode. Blocks for as long as the disk
/// does; for the main thread or a command, never a worker. Linux.
struct CertificateFiles
{
    QString certificate;
    QString key;
    friend bool operator==(const CertificateFiles &, const CertificateFiles &) = default;
};

/// The content of both, not yet checked.
struct PairContent
{
    QByteArray chain;
    SecretBytes key;
    QByteArray digest;        ///< of both, for comparison
    bool isKeyPublic = false; ///< every user of this machine can read the key
};

/// Reads both. The error names the setting and the file.
[[nodiscard]] Result<PairContent, config::ConfigError> readPair(const CertificateFiles &files);

/// Whether the pair can be shown to clients:
///
///     no PEM, a certificate cut off or damaged, no key, a key with a passphrase    error
///     the key belongs to another certificate, or not to the first                  error
///     RSA of fewer than 2,048 bits, which clients refuse                           error
///     over ten certificates or 64 KB of them, which clients refuse                 error
///     expired, or not begun                                                        warning
///     RSA of more than 2,048 bits: each handshake stalls a worker                  warning
///     a key that everybody on this machine may read                                warning
[[nodiscard]] Result<Material, config::ConfigError>
judgePair(PairContent content, const CertificateFiles &files, WallTime now);

} // namespace sami::door
