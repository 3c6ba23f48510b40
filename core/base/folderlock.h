// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"

#include <QString>
#include <QtGlobal>

namespace sami {

/// The right to change small files of a folder, which one process has at a time. It is the lock of
/// a file that exists during the change and that only those can open who may write the folder: a
/// lock of the changed file itself could be held by anybody who may read it. Unix; any thread. The
/// folder's descriptor is borrowed until release() or the end.
///
///     the lock's file                              outcome
///     can be made, or opened and locked            taken
///     cannot be made: nobody may write here        as if taken; the change itself will fail
///     is another user's, or locked, for over 5 s   error
///     is no regular file                           error
///     cannot be locked (NFS, for one)              as if taken: of two changes the last one stays
class FolderLock
{
    Q_DISABLE_COPY_MOVE(FolderLock)

public:
    /// In each folder the same, so that a file's own name may be as long as the system allows.
    static constexpr char fileName[] = ".sami-llm-proxy.lock";

    FolderLock() = default;
    ~FolderLock() { release(); }
    /// The error completes a sentence that begins with the name of a file in the folder.
    [[nodiscard]] Result<void, QString> take(int folder);
    void release();

private:
    [[nodiscard]] Result<bool, QString> tryToTake();
    [[nodiscard]] bool isStillThere(int file) const;

    int m_folder = -1;
    int m_file = -1;
};

} // namespace sami
