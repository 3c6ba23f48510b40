// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/boundsocket.h"
#include "net/nativeaddress.h"

#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace sami::net {

namespace {

int numberOf(const Descriptor &descriptor)
{
    return static_cast<int>(descriptor.number());
}

/// A new socket; "::" falls back to IPv4 where there is no IPv6.
Descriptor makeSocket(SocketAddress &where)
{
    constexpr int type = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
    const bool isAny = where.address == QHostAddress::Any;
    if (isAny)
        where.address = QHostAddress(QHostAddress::AnyIPv6);
    const bool isIpv6 = where.address.protocol() == QAbstractSocket::IPv6Protocol;
    int made = ::socket(isIpv6 ? AF_INET6 : AF_INET, type, 0);
    if (made < 0 && isAny) {
        where.address = QHostAddress(QHostAddress::AnyIPv4);
        made = ::socket(AF_INET, type, 0);
    } else if (made >= 0 && isIpv6) {
        const int alone = isAny ? 0 : 1;
        ::setsockopt(made, IPPROTO_IPV6, IPV6_V6ONLY, &alone, sizeof alone);
    }
    return made < 0 ? Descriptor() : Descriptor(made);
}

} // namespace

bool canBindAlone()
{
    return true;
}

Result<Descriptor, QString> bindSocket(const SocketAddress &where)
{
    SocketAddress asked = where;
    Descriptor made = makeSocket(asked);
    if (!made.isValid())
        return Unexpected(qt_error_string(errno));
    // Without this, connections of an earlier run could still hold the port.
    const int yes = 1;
    ::setsockopt(numberOf(made), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    const NativeAddress native = toNative(asked);
    if (::bind(numberOf(made), native.data(), native.size) != 0)
        return Unexpected(qt_error_string(errno));
    if (where.port != 0)
        return made;
    // pauseListening() makes Linux release a port that it chose itself, so this binds to the
    // number.
    return bindSocket({ where.address, boundAddressOf(made).port });
}

Result<void, QString> startListening(const Descriptor &bound, int backlog)
{
    if (::listen(numberOf(bound), backlog) == 0)
        return {};
    return Unexpected(qt_error_string(errno));
}

void pauseListening(const Descriptor &listening)
{
    // On Linux this undoes listen(2) and no more.
    ::shutdown(numberOf(listening), SHUT_RD);
}

SocketAddress boundAddressOf(const Descriptor &bound)
{
    return localAddressOf(numberOf(bound));
}

int waitingConnections(const Descriptor &listening)
{
    struct tcp_info info = {};
    socklen_t size = sizeof info;
    // For a listening socket the kernel reports the length of its queue here.
    const bool isTold = ::getsockopt(numberOf(listening), IPPROTO_TCP, TCP_INFO, &info, &size) == 0;
    return isTold ? static_cast<int>(info.tcpi_unacked) : 0;
}

} // namespace sami::net
