// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"

#include <QByteArray>
#include <QString>

/// What those have in common who write small files by their descriptors. Unix; any thread. Blocks
/// for as long as the disk does.
namespace sami {

/// The system's words for an errno.
[[nodiscard]] QString systemReason(int error);

/// Waits until no other process holds the lock of that file or folder, 5 s at most: a holder only
/// writes a small file, which takes milliseconds. The lock goes with the descriptor. A file system
/// that knows no locks (NFS, for one) is taken without: what is written is still whole, only the
/// last of two is what stays. The error ends a sentence that names the file; `busy` is the one of
/// a lock that does not come free.
[[nodiscard]] Result<void, QString> lockFile(int descriptor, const QString &busy);

/// False with errno where not all of it could be written.
[[nodiscard]] bool writeAll(int descriptor, const QByteArray &content);

} // namespace sami
