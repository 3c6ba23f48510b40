// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"

#include <QFile>
#include <QString>

namespace sami {

/// Opens a small file named by a setting, for reading and unbuffered, so that no copy of a secret
/// stays in memory. Any thread. Blocks on the disk, but never on a pipe without a writer. Checks
/// the file after opening it, so nothing can be swapped in between.
///
///     what is there                                     outcome
///     a regular file, or a link that ends at one        `file` is open
///     a folder, a pipe, a socket, a device, nothing     an error that completes a sentence
///
/// Windows has no pipes among its files, so there the check comes before the opening.
[[nodiscard]] Result<void, QString> openRegularFile(QFile &file);

} // namespace sami
