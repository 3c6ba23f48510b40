// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "base/filedescriptor.h"
#include "base/filework.h"
#include "door/statefolder.h"

#include <QFile>
#include <QRandomGenerator>

#include <algorithm>
#include <array>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

namespace sami::door {

using namespace Qt::StringLiterals;

namespace {

constexpr mode_t folderMode = 0700;
constexpr mode_t fileMode = 0600;
constexpr mode_t rightsOfOthers = 0077;

Unexpected<QString> cannotOpen(int error, bool isLink)
{
    if (error == ELOOP || (error == ENOTDIR && isLink))
        return Unexpected(u"is a symbolic link; name the folder itself"_s);
    if (error == ENOTDIR)
        return Unexpected(u"is not a folder"_s);
    return Unexpected(u"cannot be opened: %1"_s.arg(systemReason(error)));
}

bool isLink(const QByteArray &path)
{
    struct stat found = {};
    return ::lstat(path.constData(), &found) == 0 && S_ISLNK(found.st_mode);
}

/// The folder's descriptor; -1 with errno on failure.
int openFolder(const QByteArray &path)
{
    return ::open(path.constData(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

Result<int, QString> openOrMake(const QByteArray &path, StateFolder::As who)
{
    int folder = openFolder(path);
    if (folder < 0 && errno == ENOENT) {
        if (who == StateFolder::As::Visitor) {
            return Unexpected(
                u"is not there yet: the proxy makes it when it starts with this setting"_s);
        }
        if (who == StateFolder::As::Holder) {
            return Unexpected(
                u"is gone; put it back, or mount its volume again, before the next start, which "
                "makes another identity with another pin where there is none"_s);
        }
        if (::mkdir(path.constData(), folderMode) != 0 && errno != EEXIST) {
            const int error = errno;
            return Unexpected(
                error == ENOENT
                    ? u"is not there, and neither is the folder that it would be in"_s
                    : u"is not there and cannot be made: %1"_s.arg(systemReason(error)));
        }
        folder = openFolder(path);
    }
    if (folder < 0) {
        const int error = errno;
        return cannotOpen(error, isLink(path));
    }
    return folder;
}

/// The names of the files that the proxy keeps there begin with these.
constexpr std::array<std::string_view, 3> ownNames { "identity.", "settings.ini", "admin-tokens" };

bool isOwnName(std::string_view name)
{
    return std::any_of(ownNames.begin(), ownNames.end(),
                       [name](std::string_view own) { return name.substr(0, own.size()) == own; });
}

/// Whether the folder has something in it, but no file of the proxy. True if it cannot be read.
bool holdsOnlyForeignFiles(int folder)
{
    const int copy = ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (copy < 0)
        return true;
    const std::unique_ptr<DIR, int (*)(DIR *)> entries(::fdopendir(copy), ::closedir);
    if (!entries) {
        ::close(copy);
        return true;
    }
    bool hasForeign = false;
    while (const dirent *entry = ::readdir(entries.get())) {
        const std::string_view name(entry->d_name);
        if (name == "." || name == ".." || name == "lost+found") // of an ext4 volume
            continue;
        if (isOwnName(name))
            return false;
        hasForeign = true;
    }
    return hasForeign;
}

/// Whether it is a folder like /tmp, /var/lib or somebody's home. Taking others' rights away there,
/// or giving it to another user, would break the machine.
bool isSharedFolder(const struct stat &found, int folder)
{
    return (found.st_mode & S_ISVTX) != 0 || holdsOnlyForeignFiles(folder);
}

QString sharedProblem()
{
    return u"is a folder for other things too; name one that is the proxy's alone, such as "
           "/var/lib/sami-llm-proxy"_s;
}

} // namespace

Result<StateFolder, QString> StateFolder::open(const QString &path, As who)
{
    const QByteArray name = QFile::encodeName(path);
    auto opened = openOrMake(name, who);
    if (!opened)
        return Unexpected(opened.error());
    FileDescriptor folder(*opened);
    struct stat found = {};
    if (::fstat(folder.number(), &found) != 0)
        return Unexpected(u"cannot be looked at: %1"_s.arg(systemReason(errno)));
    const uid_t self = ::geteuid();
    const bool isVisitor = who == As::Visitor && self == 0;
    const bool isForeign = found.st_uid != self && !isVisitor;
    const bool isOpen = (found.st_mode & rightsOfOthers) != 0;
    // The advice below would be wrong for such a folder.
    if ((isForeign || isOpen) && isSharedFolder(found, folder.number()))
        return Unexpected(sharedProblem());
    if (isForeign) {
        return Unexpected(
            u"belongs to user %1, and this is user %2; give it to the user that the proxy runs as"_s
                .arg(found.st_uid)
                .arg(self));
    }
    if (isOpen) {
        return Unexpected(u"is open to others (mode %1); chmod 700 it"_s.arg(
            QString::number(found.st_mode & 07777, 8)));
    }
    return StateFolder(folder.take(), found.st_uid, found.st_gid);
}

StateFolder::~StateFolder()
{
    if (m_folder >= 0)
        ::close(m_folder);
}

Result<std::optional<SecretBytes>, QString> StateFolder::read(const char *name,
                                                              qsizetype most) const
{
    const QString shown = QString::fromLatin1(name);
    // Non-blocking: a pipe in the file's place would wait for its other end.
    const FileDescriptor file(
        ::openat(m_folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
    if (!file.isOpen()) {
        const int error = errno;
        if (error == ENOENT)
            return std::optional<SecretBytes>();
        return Unexpected(error == ELOOP
                              ? u"%1 in it is a symbolic link"_s.arg(shown)
                              : u"%1 in it cannot be read: %2"_s.arg(shown, systemReason(error)));
    }
    struct stat found = {};
    if (::fstat(file.number(), &found) != 0)
        return Unexpected(u"%1 in it cannot be read: %2"_s.arg(shown, systemReason(errno)));
    if (!S_ISREG(found.st_mode))
        return Unexpected(u"%1 in it is not a file"_s.arg(shown));
    if (found.st_size > most)
        return Unexpected(u"%1 in it has %2 octets; this program did not write it"_s.arg(shown).arg(
            qint64(found.st_size)));
    // A buffer of the right size: what a growing array leaves behind is never wiped.
    QByteArray content(found.st_size, Qt::Uninitialized);
    qsizetype filled = 0;
    while (filled < content.size()) {
        const ssize_t got = ::read(file.number(), content.data() + filled,
                                   static_cast<size_t>(content.size() - filled));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return Unexpected(u"%1 in it cannot be read: %2"_s.arg(shown, systemReason(errno)));
        if (got == 0)
            break;
        filled += got;
    }
    content.truncate(filled);
    return std::optional<SecretBytes>(SecretBytes(std::move(content)));
}

Result<void, QString> StateFolder::write(const char *name, const QByteArray &content) const
{
    const QByteArray temporary =
        QByteArray(name) + '.' + QByteArray::number(QRandomGenerator::system()->generate64(), 36);
    const auto fail = [name](int error) {
        return Unexpected(u"%1 in it cannot be written: %2"_s.arg(QString::fromLatin1(name),
                                                                  systemReason(error)));
    };
    FileDescriptor file(::openat(m_folder, temporary.constData(),
                                 O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, fileMode));
    if (!file.isOpen())
        return fail(errno);
    const bool isForeign = m_owner != ::geteuid();
    const bool isWritten = writeAll(file.number(), content)
        && ::fchmod(file.number(), fileMode) == 0 // whatever the umask
        && (!isForeign || ::fchown(file.number(), m_owner, m_group) == 0)
        && ::fsync(file.number()) == 0
        && ::renameat(m_folder, temporary.constData(), m_folder, name) == 0;
    if (!isWritten) {
        const int error = errno;
        ::unlinkat(m_folder, temporary.constData(), 0);
        return fail(error);
    }
    // The name has to reach the disk too. Some file systems cannot sync a folder, and need not.
    if (::fsync(m_folder) != 0 && errno != EINVAL && errno != ENOTSUP)
        return fail(errno);
    return {};
}

Result<void, QString> StateFolder::lock()
{
    return lockFile(m_folder, u"is locked by another process that does not end"_s);
}

} // namespace sami::door
