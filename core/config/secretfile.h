// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"

#include <QList>
#include <QString>

namespace sami::config {

/// A line with content.
struct FileLine
{
    int number = 0; ///< from 1
    QString text;   ///< including surrounding blanks
};

/// The lines of a file with secrets, without empty lines and lines that begin with "#". Windows
/// line ends are removed. Blocks on the disk.
///
///     what is there                                      lines
///     a regular file, or a link that ends at one         read
///     one that others than owner and group may read      error: chmod 600
///     one that others than its owner may write           error: chmod 600
///     a folder, a pipe, over 64 KiB, not UTF-8           error
///     nothing                                            error
///
/// The group may read, because Kubernetes and systemd provide secrets like that. Windows: no check
/// of permissions. The error completes a sentence that names the file, and quotes nothing of it.
[[nodiscard]] Result<QList<FileLine>, QString> readSecretLines(const QString &path);

/// The problem with the line's number in front.
[[nodiscard]] QString inLine(int number, const QString &problem);

} // namespace sami::config
