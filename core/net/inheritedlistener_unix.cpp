// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/inheritedlistener.h"
#include "net/nativeaddress.h"

#include <cerrno>
#include <fcntl.h>
#include <netinet/in.h>
#include <optional>
#include <sys/socket.h>

namespace sami::net {

namespace {

/// Nothing if the system does not say.
std::optional<int> option(int socket, int level, int name)
{
    int value = 0;
    socklen_t size = sizeof value;
    if (::getsockopt(socket, level, name, &value, &size) != 0)
        return std::nullopt;
    return value;
}

/// For "::" with IPv4 included Qt has the special address Any, but the socket's own is AnyIPv6.
bool isSame(const QHostAddress &its, const QHostAddress &asked)
{
    return its == (asked == QHostAddress::Any ? QHostAddress(QHostAddress::AnyIPv6) : asked);
}

/// What is wrong with the families that a socket at "::" accepts; empty if nothing is.
QString familyFault(int socket, const QHostAddress &asked)
{
    const bool isForIpv6Alone = option(socket, IPPROTO_IPV6, IPV6_V6ONLY).value_or(0) != 0;
    if (asked == QHostAddress::Any && isForIpv6Alone)
        return QStringLiteral("it takes IPv6 alone");
    if (asked == QHostAddress::AnyIPv6 && !isForIpv6Alone)
        return QStringLiteral("it takes IPv4 too");
    return {};
}

/// What is wrong with the socket; empty if nothing is.
QString fault(int socket, const SocketAddress &where)
{
    const std::optional<int> type = option(socket, SOL_SOCKET, SO_TYPE);
    if (!type)
        return errno == ENOTSOCK ? QStringLiteral("it is no socket") : qt_error_string(errno);
    NativeAddress native;
    if (::getsockname(socket, native.data(), &native.size) != 0)
        return qt_error_string(errno);
    const int family = native.storage.ss_family;
    if (*type != SOCK_STREAM || (family != AF_INET && family != AF_INET6))
        return QStringLiteral("it is no TCP socket");
    if (option(socket, SOL_SOCKET, SO_ACCEPTCONN).value_or(0) == 0)
        return QStringLiteral("it does not listen");
    const SocketAddress its = fromNative(native);
    if (!isSame(its.address, where.address) || (where.port != 0 && its.port != where.port))
        return QStringLiteral("it listens at %1").arg(QString::fromLatin1(its.toByteArray()));
    return family == AF_INET6 ? familyFault(socket, where.address) : QString();
}

} // namespace

Result<void, QString> takeOverListener(qintptr descriptor, const SocketAddress &where)
{
    const int socket = static_cast<int>(descriptor);
    QString wrong = fault(socket, where);
    if (wrong.isEmpty()
        && (::fcntl(socket, F_SETFD, FD_CLOEXEC) != 0
            || ::fcntl(socket, F_SETFL, ::fcntl(socket, F_GETFL) | O_NONBLOCK) != 0)) {
        wrong = qt_error_string(errno);
    }
    if (wrong.isEmpty())
        return {};
    return Unexpected(
        QStringLiteral("cannot take descriptor %1 over for %2: %3; hand over a TCP "
                       "socket that listens there, or none, and one is opened")
            .arg(QString::number(descriptor), QString::fromLatin1(where.toByteArray()), wrong));
}

} // namespace sami::net
