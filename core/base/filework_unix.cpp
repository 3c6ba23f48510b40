// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "base/filework.h"

#include <cerrno>
#include <chrono>
#include <sys/file.h>
#include <thread>
#include <unistd.h>

namespace sami {

using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::seconds lockPatience { 5 };
constexpr std::chrono::milliseconds lockPoll { 10 };

} // namespace

QString systemReason(int error)
{
    return qt_error_string(error);
}

Result<void, QString> lockFile(int descriptor, const QString &busy)
{
    const auto until = std::chrono::steady_clock::now() + lockPatience;
    while (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EBADF || errno == ENOLCK || errno == ENOTSUP || errno == EINVAL)
            return {};
        if (errno != EWOULDBLOCK && errno != EINTR)
            return Unexpected(u"cannot be locked: %1"_s.arg(systemReason(errno)));
        if (std::chrono::steady_clock::now() >= until)
            return Unexpected(busy);
        std::this_thread::sleep_for(lockPoll);
    }
    return {};
}

bool writeAll(int descriptor, const QByteArray &content)
{
    qsizetype written = 0;
    while (written < content.size()) {
        const ssize_t took = ::write(descriptor, content.constData() + written,
                                     static_cast<size_t>(content.size() - written));
        if (took < 0 && errno != EINTR)
            return false;
        written += took > 0 ? took : 0;
    }
    return true;
}

} // namespace sami
