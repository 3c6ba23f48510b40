// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"

#include <QList>
#include <QString>

namespace sami::config {

/// A line that says something.
struct FileLine
{
    int number = 0; ///< from 1
    QString text;   ///< with the blanks around it
};

/// The lines of a file with secrets in it, without the empty ones and those that begin with "#".
/// Windows line ends are taken off. Blocks, for as long as the disk does.
///
///     what is there                                      lines
///     a regular file, or a link that ends at one         read
///     one that others than owner and group may read      error: chmod 600
///     one that others than its owner may write           error: chmod 600
///     a folder, a pipe, over 64 KiB, not UTF-8           error
///     none                                               error
///
/// The group may read: Kubernetes and systemd hand secrets over so. On Windows rights are not
/// looked at. The error ends a sentence that names the file and quotes nothing of it.
[[nodiscard]] Result<QList<FileLine>, QString> readSecretLines(const QString &path);

/// What is wrong with that line.
[[nodiscard]] QString inLine(int number, const QString &problem);

} // namespace sami::config
