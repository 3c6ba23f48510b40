// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"

#include <QString>

namespace sami::config {

/// The users besides its owner that may read a file. Not checked on Windows.
enum class Readers {
    Anybody,
    Group, ///< as Kubernetes and systemd provide secrets; only the owner may write it
};

/// The text of a small file that a setting names. Blocks, for as long as the disk does.
///
///     what is there                                      outcome
///     a regular file, or a link that ends at one         its text
///     one that others than `readers` may read            error: chmod 600
///     a folder, a pipe, nothing                          error
///     over 64 KiB, a byte order mark, not UTF-8          error
///
/// The error completes a sentence that names the file, and quotes nothing of it.
[[nodiscard]] Result<QString, QString> readTextFile(const QString &path, Readers readers);

} // namespace sami::config
