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
/// Windows line ends are taken off. Errors are those of readTextFile(), for Readers::Group.
[[nodiscard]] Result<QList<FileLine>, QString> readSecretLines(const QString &path);

/// What is wrong with that line.
[[nodiscard]] QString inLine(int number, const QString &problem);

} // namespace sami::config
