// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// getifaddrs(3) itself: QNetworkInterface has no way to say that it could not ask.
#include "base/interfaceaddresses.h"

#include <bit>
#include <cerrno>
#include <ifaddrs.h>
#include <memory>
#include <net/if.h>
#include <netinet/in.h>

namespace sami {

namespace {

LinkKind linkKind(unsigned int flags)
{
    if (flags & IFF_LOOPBACK)
        return LinkKind::Loopback;
    return flags & IFF_POINTOPOINT ? LinkKind::PointToPoint : LinkKind::Shared;
}

int prefixLength(const sockaddr *mask, int family)
{
    if (!mask)
        return -1;
    if (family == AF_INET)
        return std::popcount(reinterpret_cast<const sockaddr_in *>(mask)->sin_addr.s_addr);
    int length = 0;
    for (const quint8 octet : reinterpret_cast<const sockaddr_in6 *>(mask)->sin6_addr.s6_addr)
        length += std::popcount(octet);
    return length;
}

} // namespace

Result<QList<InterfaceAddress>, QString> readInterfaceAddresses()
{
    ifaddrs *first = nullptr;
    if (::getifaddrs(&first) != 0)
        return Unexpected(qt_error_string(errno));
    const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner(first, &::freeifaddrs);

    QList<InterfaceAddress> found;
    for (const ifaddrs *entry = first; entry; entry = entry->ifa_next) {
        const int family = entry->ifa_addr ? entry->ifa_addr->sa_family : AF_UNSPEC;
        if (family != AF_INET && family != AF_INET6)
            continue;
        QHostAddress address(entry->ifa_addr);
        address.setScopeId({});
        found.append({ address, prefixLength(entry->ifa_netmask, family),
                       linkKind(entry->ifa_flags), entry->ifa_name });
    }
    return found;
}

} // namespace sami
