// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "base/regularfile.h"

#include <cerrno>
#include <cstddef>
#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace sami {

using namespace Qt::StringLiterals;

namespace {

/// The name of the user that this process runs as; the number if it has none, as in a container.
QString ownUser()
{
    constexpr std::size_t enough = 16384;
    std::vector<char> texts(enough);
    const uid_t number = ::geteuid();
    passwd entry = {};
    passwd *found = nullptr;
    ::getpwuid_r(number, &entry, texts.data(), texts.size(), &found);
    return found ? QString::fromLocal8Bit(found->pw_name) : QString::number(number);
}

QString whyUnreadable(int error)
{
    if (error == ENXIO) // a socket cannot be opened
        return u"is not a regular file"_s;
    const QString reason = qt_error_string(error);
    if (error != EACCES)
        return u"cannot be read: %1"_s.arg(reason);
    return u"cannot be read: %1; user %2 needs the right to read it, and to enter its folder"_s.arg(
        reason, ownUser());
}

} // namespace

Result<void, QString> openRegularFile(QFile &file)
{
    const int number = ::open(QFile::encodeName(file.fileName()).constData(),
                              O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat found = {};
    if (number < 0 || ::fstat(number, &found) != 0) {
        const int error = errno;
        if (number >= 0)
            ::close(number);
        return Unexpected(whyUnreadable(error));
    }
    if (!S_ISREG(found.st_mode)) {
        ::close(number);
        return Unexpected(S_ISDIR(found.st_mode) ? u"is a directory, not a file"_s
                                                 : u"is not a regular file"_s);
    }
    if (!file.open(number, QIODevice::ReadOnly | QIODevice::Unbuffered,
                   QFileDevice::AutoCloseHandle)) {
        ::close(number);
        return Unexpected(u"cannot be read: %1"_s.arg(file.errorString()));
    }
    return {};
}

} // namespace sami
