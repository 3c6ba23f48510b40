// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"

#include <QByteArray>
#include <QString>

#include <functional>

namespace sami {

/// The content as it is to be, of the content as it is; or why it stays as it is.
using ContentEdit = std::function<Result<QByteArray, QString>(const QByteArray &content)>;

enum class IfMissing {
    Fail,
    Make, ///< of no content
};

/// Replaces the content of a small file that others read meanwhile and that people write too: it is
/// the old or the new one at every moment, of two that change it at once neither is lost, and
/// owner, group and mode stay. Blocks for as long as the disk does, and up to 5 s for whoever else
/// changes it; any thread, any process.
///
/// The folder is opened without following a link, and everything else is done relative to it, so
/// that nothing can be exchanged in between.
///
///     what is there                                 outcome
///     a regular file                                replaced
///     nothing                                       an error, or a new file: owner and group of
///                                                   the folder where this user may give it away,
///                                                   the group reads it where it reads the folder
///     a link, a folder, a pipe, a device            error
///     its folder is a link, or is not there         error
///     over `most` octets                            error
///     another owner, whom this user cannot keep     error
///     somebody else replaced it meanwhile           error: do it again
///     the disk is full                              error; the file stays as it was
///
/// Each error ends a sentence that names the file. On Windows the new file has the rights that its
/// folder gives.
[[nodiscard]] Result<void, QString> replaceContent(const QString &path, qint64 most,
                                                   const ContentEdit &edit, IfMissing ifMissing);

} // namespace sami
