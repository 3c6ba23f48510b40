// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "daemon/statuscommand.h"

#include <QFile>

#include <algorithm>
#include <array>
#include <cerrno>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

namespace sami::daemon {

namespace {

constexpr timeval limit { 5, 0 };
/// Far more than any status takes.
constexpr qsizetype maxAnswer = qsizetype(1) << 20;

Result<QByteArray, QString> ask(int socket, const sockaddr_un &address, const QByteArray &request)
{
    ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    if (::connect(socket, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0
        || ::send(socket, request.constData(), std::size_t(request.size()), MSG_NOSIGNAL)
            != request.size())
        return Unexpected(qt_error_string(errno));
    QByteArray answer;
    std::array<char, 4096> buffer; // NOLINT: filled by recv()
    while (answer.size() < maxAnswer) {
        const ssize_t got = ::recv(socket, buffer.data(), buffer.size(), 0);
        if (got < 0)
            return Unexpected(qt_error_string(errno));
        if (got == 0)
            break;
        answer.append(buffer.data(), got);
    }
    return answer;
}

} // namespace

Result<QByteArray, QString> askUnixSocket(const QString &path, const QByteArray &request)
{
    const QByteArray name = QFile::encodeName(path);
    sockaddr_un address {};
    address.sun_family = AF_UNIX;
    if (name.size() >= qsizetype(sizeof address.sun_path))
        return Unexpected(QStringLiteral("the path is too long for a socket"));
    std::copy(name.begin(), name.end(), address.sun_path);
    const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
    if (socket < 0)
        return Unexpected(qt_error_string(errno));
    auto answer = ask(socket, address, request);
    ::close(socket);
    return answer;
}

} // namespace sami::daemon
