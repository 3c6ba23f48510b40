// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "base/clock.h"
#include "daemon/statuscommand.h"

#include <QFile>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

namespace sami::daemon {

namespace {

constexpr std::chrono::seconds limit { 5 };
/// Far more than any status takes.
constexpr qsizetype maxAnswer = qsizetype(1) << 20;

/// What to do about a door that cannot be reached.
QString advice(int error)
{
    switch (error) {
    case ENOENT:
    case ECONNREFUSED:
        return QStringLiteral(
            "; is the proxy running, and with this PROXY_ADMIN? Give this command "
            "its settings, such as --config FILE");
    case EACCES:
    case EPERM:
        return QStringLiteral(
            "; only root and the user that the proxy runs as may ask, so try sudo");
    default:
        return {};
    }
}

QString reason(int error)
{
    return error == EAGAIN || error == EWOULDBLOCK
        ? QStringLiteral("no whole answer within %1 s").arg(limit.count())
        : qt_error_string(error);
}

/// Limits the next call to what is left. Returns false if nothing is.
bool limitTo(TimePoint deadline, int socket)
{
    using std::chrono::microseconds;
    const auto left = std::chrono::floor<microseconds>(deadline - Clock::now());
    if (left <= microseconds(0))
        return false;
    timeval time {};
    time.tv_sec = decltype(time.tv_sec)(left / std::chrono::seconds(1));
    time.tv_usec = decltype(time.tv_usec)((left % std::chrono::seconds(1)).count());
    ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
    ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);
    return true;
}

Result<QByteArray, QString> ask(int socket, const sockaddr_un &address, const QByteArray &request)
{
    // One for the whole exchange: a peer that drips gains nothing.
    const TimePoint deadline = Clock::now() + limit;
    limitTo(deadline, socket);
    if (::connect(socket, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0)
        return Unexpected(reason(errno) + advice(errno));
    if (!limitTo(deadline, socket))
        return Unexpected(reason(EAGAIN));
    // A peer that turns us away may close before it reads; what it says counts.
    if (::send(socket, request.constData(), std::size_t(request.size()), MSG_NOSIGNAL)
            != request.size()
        && errno != EPIPE)
        return Unexpected(reason(errno));
    QByteArray answer;
    std::array<char, 4096> buffer; // NOLINT: filled by recv()
    while (answer.size() < maxAnswer) {
        if (!limitTo(deadline, socket))
            return Unexpected(reason(EAGAIN));
        const ssize_t got = ::recv(socket, buffer.data(), buffer.size(), 0);
        if (got == 0 || (got < 0 && errno == ECONNRESET))
            break; // whether that was all, the answer says
        if (got < 0)
            return Unexpected(reason(errno));
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
