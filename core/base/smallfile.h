// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"

#include <QByteArray>
#include <QString>

namespace sami {

/// Who besides its owner may use a file. On Windows rights are not looked at.
enum class FileRights {
    Any,
    OthersRead, ///< nobody else may write it: whoever can add a line has what the line grants
    GroupReads, ///< a secret, as Kubernetes and systemd hand it over; nobody else may do more
};

/// The content of a small file that a setting names, or that we keep. Blocks, for as long as the
/// disk does. Any thread.
///
///     what is there                                      outcome
///     a regular file, or a link that ends at one         its content
///     one that others may use in more ways than `rights` error: chmod 600
///     over `most` octets                                 error: `ifLonger`
///     a folder, a pipe, a socket, a device, nothing      error
///
/// The error ends a sentence that names the file, and quotes nothing of it.
[[nodiscard]] Result<QByteArray, QString> readSmallFile(const QString &path, qint64 most,
                                                        const QString &ifLonger, FileRights rights);

} // namespace sami
