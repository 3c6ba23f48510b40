// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Uses getifaddrs(3), because QNetworkInterface cannot report failure, and the kernel's local
// routes (rtnetlink(7)): addresses that are delivered to this machine without being on an
// interface.
#include "base/interfaceaddresses.h"

#include <QtEndian>

#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <ifaddrs.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <memory>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

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

struct Descriptor
{
    explicit Descriptor(int opened) : number(opened) {}
    Q_DISABLE_COPY_MOVE(Descriptor)
    ~Descriptor()
    {
        if (number >= 0)
            ::close(number);
    }
    const int number;
};

QHostAddress routeDestination(int family, const rtattr *attribute)
{
    if (family == AF_INET6)
        return QHostAddress(static_cast<const quint8 *>(RTA_DATA(attribute)));
    quint32 address = 0;
    std::memcpy(&address, RTA_DATA(attribute), sizeof address);
    return QHostAddress(qFromBigEndian(address));
}

void appendLocalRoute(QList<InterfaceAddress> &found, const nlmsghdr *message)
{
    const auto *route = static_cast<const rtmsg *>(NLMSG_DATA(message));
    // Other tables have local routes for packets that a firewall marked (TPROXY). Those do not
    // count.
    if (message->nlmsg_type != RTM_NEWROUTE || route->rtm_type != RTN_LOCAL
        || route->rtm_table != RT_TABLE_LOCAL)
        return;
    auto left = static_cast<int>(RTM_PAYLOAD(message));
    for (const rtattr *attribute = RTM_RTA(route); RTA_OK(attribute, left);
         attribute = RTA_NEXT(attribute, left)) {
        if (attribute->rta_type == RTA_DST) {
            found.append({ routeDestination(route->rtm_family, attribute), route->rtm_dst_len,
                           LinkKind::Loopback, "local route" });
        }
    }
}

/// Appends the prefixes of the kernel's local routes. Returns 0 or errno.
int appendLocalRoutes(QList<InterfaceAddress> &found, int family)
{
    const Descriptor socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
    if (socket.number < 0)
        return errno;
    // Makes the kernel filter: a router's other tables may be long.
    const int strict = 1;
    ::setsockopt(socket.number, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &strict, sizeof strict);
    struct
    {
        nlmsghdr header;
        rtmsg route;
    } request {};
    request.header.nlmsg_len = sizeof request;
    request.header.nlmsg_type = RTM_GETROUTE;
    request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    request.route.rtm_family = static_cast<unsigned char>(family);
    request.route.rtm_table = RT_TABLE_LOCAL;
    request.route.rtm_type = RTN_LOCAL;
    if (::send(socket.number, &request, sizeof request, 0) < 0)
        return errno;
    alignas(nlmsghdr) std::array<char, 32 * 1024> buffer;
    for (;;) {
        const ssize_t size = ::recv(socket.number, buffer.data(), buffer.size(), 0);
        if (size < 0 && errno == EINTR)
            continue;
        if (size <= 0)
            return size < 0 ? errno : EIO;
        auto left = static_cast<unsigned int>(size);
        for (auto *message = reinterpret_cast<const nlmsghdr *>(buffer.data());
             NLMSG_OK(message, left); message = NLMSG_NEXT(message, left)) {
            if (message->nlmsg_type == NLMSG_DONE)
                return 0;
            if (message->nlmsg_type == NLMSG_ERROR)
                return -static_cast<const nlmsgerr *>(NLMSG_DATA(message))->error;
            appendLocalRoute(found, message);
        }
    }
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
    for (const int family : { AF_INET, AF_INET6 }) {
        const int error = appendLocalRoutes(found, family);
        // Any other error means that there are no routes to read: the system lacks the family or
        // hides them.
        if (error == EMFILE || error == ENFILE || error == ENOMEM || error == ENOBUFS)
            return Unexpected(qt_error_string(error));
    }
    return found;
}

} // namespace sami
