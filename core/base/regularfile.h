// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"

#include <QFile>
#include <QString>

namespace sami {

/// Opens a small file that a setting names, for reading and without a buffer, so that no copy of a
/// secret is left behind. Any thread; blocks for as long as the disk does, and never for whoever
/// would write into a pipe: what the path leads to is looked at once it is open, so that nothing
/// can be exchanged in between.
///
///     what is there                                     outcome
///     a regular file, or a link that ends at one        `file` is open
///     a folder, a pipe, a socket, a device, nothing     the error, which ends a sentence
///
/// On Windows, where no pipe lies among files, what is there is looked at before it is opened.
[[nodiscard]] Result<void, QString> openRegularFile(QFile &file);

} // namespace sami
