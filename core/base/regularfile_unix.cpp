// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "base/regularfile.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sami {

using namespace Qt::StringLiterals;

Result<void, QString> openRegularFile(QFile &file)
{
    const int number = ::open(QFile::encodeName(file.fileName()).constData(),
                              O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat found = {};
    if (number < 0 || ::fstat(number, &found) != 0) {
        const int error = errno;
        if (number >= 0)
            ::close(number);
        // ENXIO: a socket cannot be opened.
        return Unexpected(error == ENXIO ? u"is not a regular file"_s
                                         : u"cannot be read: %1"_s.arg(qt_error_string(error)));
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
