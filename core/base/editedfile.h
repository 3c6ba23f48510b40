// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"

#include <QByteArray>
#include <QString>

#include <functional>

namespace sami {

/// Returns the new content for the present one, or the reason to leave the file unchanged. Called
/// again, with what is there then, if somebody else has changed the file meanwhile.
using ContentEdit = std::function<Result<QByteArray, QString>(const QByteArray &content)>;

enum class IfMissing {
    Fail,
    Make, ///< an empty one
};

/// Replaces the content of a small file that other processes read and that people edit by hand. A
/// reader sees the old or the new content, never a mixture. Of two concurrent changes neither is
/// lost. Owner, group and mode stay. Blocks on the disk, and for up to 5 s on a concurrent change,
/// which only somebody can fake who may write the folder (FolderLock). Any thread, any process.
///
/// The folder is opened without following a link, and all else is relative to its descriptor, so
/// nothing can be swapped in between.
///
///     what is there                                 outcome
///     a regular file                                replaced
///     nothing                                       an error, or a new file: it gets the folder's
///                                                   owner and group where this user may set them,
///                                                   and group read where the folder has it
///     a link, a folder, a pipe, a device            error
///     its folder is a link, or is not there         error
///     over `most` octets                            error
///     another owner, which this user cannot keep    error
///     somebody else changes it meanwhile            the edit is made of what is there then; an
///                                                   error after half a second of that
///     the disk is full                              error; the file stays as it was
///
/// Each error completes a sentence that begins with the file's name. On Windows a new file inherits
/// its folder's rights.
[[nodiscard]] Result<void, QString> replaceContent(const QString &path, qint64 most,
                                                   const ContentEdit &edit, IfMissing ifMissing);

} // namespace sami
