// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "base/filedescriptor.h"
#include "base/filework.h"
#include "base/folderlock.h"

#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace sami {

using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::seconds patience { 5 };
constexpr std::chrono::milliseconds pollInterval { 10 };
constexpr mode_t ownerOnly = 0600;
constexpr mode_t groupToo = 0660;

Unexpected<QString> fail(const QString &problem)
{
    return Unexpected(problem);
}

QString busy()
{
    return u"is being changed by another process that does not finish"_s;
}

Unexpected<QString> noRegularFile()
{
    return fail(u"cannot be locked: %1 in its folder is not a regular file"_s.arg(
        QLatin1StringView(FolderLock::fileName)));
}

/// Whoever may write the folder may open the new file, and nobody else.
void giveToFolder(int file, int folder)
{
    struct stat found = {};
    if (::fstat(folder, &found) != 0)
        return;
    const uid_t owner = ::geteuid() == 0 ? found.st_uid : uid_t(-1);
    const bool isGiven = ::fchown(file, owner, found.st_gid) == 0;
    const bool isForGroup = isGiven && (found.st_mode & S_IWGRP) != 0;
    static_cast<void>(::fchmod(file, isForGroup ? groupToo : ownerOnly));
}

/// The lock's file, made where it is not there; -1 with errno.
int openLockFile(int folder)
{
    // O_NONBLOCK: opening a pipe would otherwise wait for its other end.
    constexpr int flags = O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
    const int made = ::openat(folder, FolderLock::fileName, flags | O_CREAT | O_EXCL, ownerOnly);
    if (made >= 0)
        giveToFolder(made, folder);
    return made >= 0 || errno != EEXIST ? made : ::openat(folder, FolderLock::fileName, flags);
}

} // namespace

Result<void, QString> FolderLock::take(int folder)
{
    m_folder = folder;
    const auto until = std::chrono::steady_clock::now() + patience;
    for (;;) {
        const auto taken = tryToTake();
        if (!taken)
            return fail(taken.error());
        if (*taken)
            return {};
        if (std::chrono::steady_clock::now() >= until)
            return fail(busy());
        std::this_thread::sleep_for(pollInterval);
    }
}

/// False if another user has the file, or if it was removed at the end of a change.
Result<bool, QString> FolderLock::tryToTake()
{
    FileDescriptor file(openLockFile(m_folder));
    const int error = errno;
    struct stat found = {};
    if (!file.isOpen()) {
        const bool isThere = ::fstatat(m_folder, fileName, &found, AT_SYMLINK_NOFOLLOW) == 0;
        if (isThere && !S_ISREG(found.st_mode))
            return noRegularFile();
        switch (error) {
        case EROFS:
            return true;
        case EACCES:
        case EPERM:
            return !isThere;
        case ENOENT:
            return false;
        default:
            return fail(u"cannot be locked: %1"_s.arg(systemReason(error)));
        }
    }
    if (::fstat(file.number(), &found) != 0 || !S_ISREG(found.st_mode))
        return noRegularFile();
    if (const auto locked = lockFile(file.number(), busy()); !locked)
        return fail(locked.error());
    // The one who had the lock before has removed the file.
    if (!isStillThere(file.number()))
        return false;
    m_file = file.take();
    return true;
}

void FolderLock::release()
{
    const FileDescriptor file(std::exchange(m_file, -1));
    // Before the lock goes: of a file that has a name there is one lock, and its holder removes it.
    if (isStillThere(file.number()))
        ::unlinkat(m_folder, fileName, 0);
}

bool FolderLock::isStillThere(int file) const
{
    struct stat opened = {};
    struct stat named = {};
    return file >= 0 && ::fstat(file, &opened) == 0
        && ::fstatat(m_folder, fileName, &named, AT_SYMLINK_NOFOLLOW) == 0
        && opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

} // namespace sami
