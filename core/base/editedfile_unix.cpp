// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "base/editedfile.h"
#include "base/filedescriptor.h"
#include "base/filework.h"
#include "base/folderlock.h"

#include <QFile>
#include <QRandomGenerator>

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

constexpr mode_t fileMode = 0600;
constexpr mode_t groupReads = 0040;
/// How often the file may be changed or exchanged under us before somebody is told.
constexpr int mostTries = 20;
/// Between two of these tries: an editor that is saving needs a moment.
constexpr std::chrono::milliseconds pause { 25 };

Unexpected<QString> fail(const QString &problem)
{
    return Unexpected(problem);
}

struct Place
{
    QByteArray folder; ///< no trailing slash: it would follow a link
    QByteArray name;
};

Place placeOf(const QString &path)
{
    const QByteArray encoded = QFile::encodeName(path);
    const qsizetype slash = encoded.lastIndexOf('/');
    Place place { slash < 0 ? QByteArray(".") : encoded.first(slash), encoded.sliced(slash + 1) };
    while (place.folder.endsWith('/'))
        place.folder.chop(1);
    if (place.folder.isEmpty())
        place.folder = "/";
    return place;
}

bool isSameFile(const struct stat &left, const struct stat &right)
{
    return left.st_dev == right.st_dev && left.st_ino == right.st_ino;
}

/// One change of one file. Owns the descriptors of the folder and the file.
class Change
{
    Q_DISABLE_COPY_MOVE(Change)

public:
    Change(const QString &path, qint64 most) : m_place(placeOf(path)), m_most(most) {}
    ~Change();

    /// Opens it and takes its lock.
    [[nodiscard]] Result<void, QString> openFolder();
    [[nodiscard]] Result<void, QString> openFile(IfMissing ifMissing);
    [[nodiscard]] Result<QByteArray, QString> read() const;
    /// False if it is no longer `found`: an editor takes no lock.
    [[nodiscard]] Result<bool, QString> replace(const QByteArray &found, const QByteArray &content);

private:
    [[nodiscard]] Result<bool, QString> tryToOpen(IfMissing ifMissing);
    [[nodiscard]] Result<bool, QString> make();
    [[nodiscard]] bool isStillThere(int file) const;
    [[nodiscard]] bool isStill(const QByteArray &content) const;
    [[nodiscard]] Result<void, QString> keepRights(int file) const;
    [[nodiscard]] Unexpected<QString> cannotWrite(int error) const;

    Place m_place;
    qint64 m_most;
    int m_folder = -1;
    FolderLock m_lock;
    int m_file = -1;
    struct stat m_found = {};
    bool m_isMade = false; ///< we created it, and it is still empty
};

Change::~Change()
{
    if (m_isMade && isStillThere(m_file))
        ::unlinkat(m_folder, m_place.name.constData(), 0);
    m_lock.release();
    for (const int descriptor : { m_file, m_folder }) {
        if (descriptor >= 0)
            ::close(descriptor);
    }
}

Result<void, QString> Change::openFolder()
{
    if (m_place.name.isEmpty() || m_place.name == "." || m_place.name == "..")
        return fail(u"is a folder, not a file"_s);
    m_folder = ::open(m_place.folder.constData(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (m_folder >= 0)
        return m_lock.take(m_folder);
    const int error = errno;
    struct stat found = {};
    const bool isLink = ::lstat(m_place.folder.constData(), &found) == 0 && S_ISLNK(found.st_mode);
    if (isLink)
        return fail(u"is in a folder that is a symbolic link; name the folder that it leads to"_s);
    if (error == ENOENT || error == ENOTDIR)
        return fail(u"cannot be created: its folder does not exist; make the folder first"_s);
    return fail(u"is in a folder that cannot be opened: %1"_s.arg(systemReason(error)));
}

Result<void, QString> Change::openFile(IfMissing ifMissing)
{
    if (m_file >= 0)
        ::close(std::exchange(m_file, -1));
    for (int tries = 0; tries < mostTries; ++tries) {
        const auto opened = tryToOpen(ifMissing);
        if (!opened)
            return fail(opened.error());
        if (*opened)
            return {};
    }
    return fail(u"keeps being replaced; try again later"_s);
}

/// False if it had to be made: open it again.
Result<bool, QString> Change::tryToOpen(IfMissing ifMissing)
{
    // O_NONBLOCK: opening a pipe would otherwise wait for its other end.
    FileDescriptor file(::openat(m_folder, m_place.name.constData(),
                                 O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    const int error = errno;
    if (!file.isOpen()) {
        if (error == ENOENT && ifMissing == IfMissing::Make)
            return make();
        if (error == ENOENT)
            return fail(u"is not there"_s);
        // FreeBSD reports EMLINK where Linux reports ELOOP.
        if (error == ELOOP || error == EMLINK)
            return fail(u"is a symbolic link; name the file that it leads to"_s);
        // ENXIO: a socket cannot be opened.
        return fail(error == ENXIO ? u"is not a regular file"_s
                                   : u"cannot be read: %1"_s.arg(systemReason(error)));
    }
    if (::fstat(file.number(), &m_found) != 0)
        return fail(u"cannot be read: %1"_s.arg(systemReason(errno)));
    if (!S_ISREG(m_found.st_mode))
        return fail(S_ISDIR(m_found.st_mode) ? u"is a folder, not a file"_s
                                             : u"is not a regular file"_s);
    // An editor, which takes no lock, may have filled the file that we made.
    m_isMade = m_isMade && m_found.st_size == 0;
    m_file = file.take();
    return true;
}

/// Creates an empty file. Returns false so that the caller opens it like an existing one.
Result<bool, QString> Change::make()
{
    const FileDescriptor file(::openat(m_folder, m_place.name.constData(),
                                       O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                                       fileMode));
    if (!file.isOpen())
        return errno == EEXIST ? Result<bool, QString>(false) : cannotWrite(errno);
    m_isMade = true;
    struct stat folder = {};
    if (::fstat(m_folder, &folder) != 0)
        return false;
    const uid_t owner = ::geteuid() == 0 ? folder.st_uid : ::geteuid();
    const bool isGiven = ::fchown(file.number(), owner, folder.st_gid) == 0;
    static_cast<void>(
        ::fchmod(file.number(), fileMode | (isGiven ? folder.st_mode & groupReads : 0)));
    return false;
}

bool Change::isStillThere(int file) const
{
    struct stat opened = {};
    struct stat named = {};
    return file >= 0 && ::fstat(file, &opened) == 0
        && ::fstatat(m_folder, m_place.name.constData(), &named, AT_SYMLINK_NOFOLLOW) == 0
        && isSameFile(opened, named);
}

Result<QByteArray, QString> Change::read() const
{
    if (m_found.st_size > m_most)
        return fail(u"has more than %1 octets; this program did not write it"_s.arg(m_most));
    QByteArray content(m_found.st_size, Qt::Uninitialized);
    qsizetype filled = 0;
    while (filled < content.size()) {
        const ssize_t got =
            ::pread(m_file, content.data() + filled, static_cast<size_t>(content.size() - filled),
                    static_cast<off_t>(filled));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail(u"cannot be read: %1"_s.arg(systemReason(errno)));
        if (got == 0)
            break;
        filled += got;
    }
    content.truncate(filled);
    return content;
}

/// Compares what is in it: an editor may save twice before a time stamp changes.
bool Change::isStill(const QByteArray &content) const
{
    struct stat now = {};
    if (!isStillThere(m_file) || ::fstat(m_file, &now) != 0 || now.st_size != content.size())
        return false;
    const auto again = read();
    return again && *again == content;
}

Result<void, QString> Change::keepRights(int file) const
{
    struct stat made = {};
    if (::fstat(file, &made) != 0)
        return cannotWrite(errno);
    const bool isForeign = made.st_uid != m_found.st_uid || made.st_gid != m_found.st_gid;
    if (isForeign && ::fchown(file, m_found.st_uid, m_found.st_gid) != 0) {
        return fail(u"belongs to user %1 and group %2, which writing it would change; do it "
                    "as that user, or as root"_s.arg(m_found.st_uid)
                        .arg(m_found.st_gid));
    }
    // The umask does not apply to fchmod().
    return ::fchmod(file, m_found.st_mode & 0777) == 0 ? Result<void, QString>()
                                                       : cannotWrite(errno);
}

Unexpected<QString> Change::cannotWrite(int error) const
{
    if (error == EACCES || error == EPERM) {
        return fail(u"cannot be written: this user may not write to its folder; do it as the "
                    "folder's owner, or as root"_s);
    }
    // EBUSY: Docker mounts single files like that.
    if (error == EBUSY)
        return fail(u"cannot be replaced: it is mounted as a single file; mount its folder "
                    "instead"_s);
    return fail(u"cannot be written: %1"_s.arg(systemReason(error)));
}

Result<bool, QString> Change::replace(const QByteArray &found, const QByteArray &content)
{
    if (content.size() > m_most)
        return fail(u"would have more than %1 octets"_s.arg(m_most));
    const QByteArray temporary =
        '.' + QByteArray::number(QRandomGenerator::system()->generate64(), 16) + ".new";
    const FileDescriptor file(::openat(m_folder, temporary.constData(),
                                       O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                                       fileMode));
    if (!file.isOpen())
        return cannotWrite(errno);
    const auto giveUp = [&](const Unexpected<QString> &why) {
        ::unlinkat(m_folder, temporary.constData(), 0);
        return why;
    };
    if (const auto kept = keepRights(file.number()); !kept)
        return giveUp(fail(kept.error()));
    if (!writeAll(file.number(), content) || ::fsync(file.number()) != 0)
        return giveUp(cannotWrite(errno));
    if (!isStill(found)) {
        ::unlinkat(m_folder, temporary.constData(), 0);
        m_isMade = false;
        return false;
    }
    if (::renameat(m_folder, temporary.constData(), m_folder, m_place.name.constData()) != 0)
        return giveUp(cannotWrite(errno));
    m_isMade = false;
    // The rename must reach the disk too. Some file systems cannot sync a folder and need not.
    if (::fsync(m_folder) != 0 && errno != EINVAL && errno != ENOTSUP)
        return cannotWrite(errno);
    return true;
}

} // namespace

Result<void, QString> replaceContent(const QString &path, qint64 most, const ContentEdit &edit,
                                     IfMissing ifMissing)
{
    Change change(path, most);
    if (const auto opened = change.openFolder(); !opened)
        return opened;
    for (int tries = 0; tries < mostTries; ++tries) {
        if (tries > 0)
            std::this_thread::sleep_for(pause);
        if (const auto opened = change.openFile(ifMissing); !opened)
            return opened;
        const auto found = change.read();
        if (!found)
            return fail(found.error());
        const auto edited = edit(*found);
        if (!edited)
            return fail(edited.error());
        if (*edited == *found)
            return {};
        const auto replaced = change.replace(*found, *edited);
        if (!replaced)
            return fail(replaced.error());
        if (*replaced)
            return {};
    }
    return fail(u"was changed by somebody else meanwhile; try again"_s);
}

} // namespace sami
