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

/// The files that PROXY_TLS_CERT_FILE and PROXY_TLS_KEY_FILE name. Whoever renews them may write
/// them in any way: exchange a name, turn a link of a folder of links (Kubernetes), write one after
/// the other in place. So what is in them counts, and never a date or a number of theirs. Blocks
/// for as long as the disk does; the main thread's or a command's, never a worker's. Linux.
struct CertificateFiles
{
    QString certificate;
    QString key;
    friend bool operator==(const CertificateFiles &, const CertificateFiles &) = default;
};

/// What is in both, unjudged.
struct PairContent
{
    QByteArray chain;
    SecretBytes key;
    QByteArray digest;        ///< of both, to be compared
    bool isKeyPublic = false; ///< everybody on this machine may read the key
};

/// Reads both. The error names the setting and the file.
[[nodiscard]] Result<PairContent, config::ConfigError> readPair(const CertificateFiles &files);

/// Whether clients can be shown it:
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
