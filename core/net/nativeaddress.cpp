// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/nativeaddress.h"

#include <QString>

#include <arpa/inet.h>
#include <cstring>
#include <net/if.h>
#include <netinet/in.h>

namespace sami::net {

namespace {

quint32 scopeNumber(const QString &scope)
{
    bool isNumber = false;
    const quint32 number = scope.toUInt(&isNumber);
    return isNumber ? number : if_nametoindex(scope.toUtf8().constData());
}

} // namespace

NativeAddress toNative(const SocketAddress &address)
{
    NativeAddress native;
    if (address.address.protocol() == QAbstractSocket::IPv6Protocol) {
        sockaddr_in6 in6 {};
        in6.sin6_family = AF_INET6;
        in6.sin6_port = htons(address.port);
        const Q_IPV6ADDR octets = address.address.toIPv6Address();
        std::memcpy(&in6.sin6_addr, &octets, sizeof octets);
        if (!address.address.scopeId().isEmpty())
            in6.sin6_scope_id = scopeNumber(address.address.scopeId());
        std::memcpy(&native.storage, &in6, sizeof in6);
        native.size = sizeof in6;
    } else {
        sockaddr_in in4 {};
        in4.sin_family = AF_INET;
        in4.sin_port = htons(address.port);
        in4.sin_addr.s_addr = htonl(address.address.toIPv4Address());
        std::memcpy(&native.storage, &in4, sizeof in4);
        native.size = sizeof in4;
    }
    return native;
}

SocketAddress fromNative(const NativeAddress &native)
{
    switch (native.storage.ss_family) {
    case AF_INET: {
        sockaddr_in in4;
        std::memcpy(&in4, &native.storage, sizeof in4);
        return { QHostAddress(native.data()), ntohs(in4.sin_port) };
    }
    case AF_INET6: {
        sockaddr_in6 in6;
        std::memcpy(&in6, &native.storage, sizeof in6);
        return { unmapped(QHostAddress(native.data())), ntohs(in6.sin6_port) };
    }
    default:
        return {};
    }
}

SocketAddress localAddressOf(int descriptor)
{
    NativeAddress native;
    if (::getsockname(descriptor, native.data(), &native.size) != 0)
        return {};
    return fromNative(native);
}

SocketAddress peerAddressOf(int descriptor)
{
    NativeAddress native;
    if (::getpeername(descriptor, native.data(), &native.size) != 0)
        return {};
    return fromNative(native);
}

} // namespace sami::net
