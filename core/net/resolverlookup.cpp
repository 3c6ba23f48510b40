// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "base/endpoint.h"
#include "base/systemlimits.h"
#include "net/resolver.h"

#include <algorithm>
#include <array>

// getaddrinfo() is the same on all platforms (RFC 3493 §6.1), but in different headers.
#ifdef Q_OS_WIN
#include <winsock2.h>
#include <ws2tcpip.h>
#else
#include <cerrno>
#include <netdb.h>
#include <sys/socket.h>
#endif

namespace sami::net {

namespace {

ResolveAnswer unknownName()
{
    ResolveAnswer answer { {}, true, "no such host" };
    answer.isUnknownName = true;
    return answer;
}

bool isUnknownName(int error)
{
#if defined(EAI_NODATA) && EAI_NODATA != EAI_NONAME
    if (error == EAI_NODATA) // the name exists, but has no address
        return true;
#endif
    return error == EAI_NONAME;
}

QByteArray inWords(int error)
{
    switch (error) {
    case EAI_AGAIN:
        return "the name server does not answer";
    case EAI_FAIL:
        return "the name server reports a failure";
    default:
        return "the lookup failed";
    }
}

/// Whether the name exists without an address of the requested family.
bool isWithoutAddress([[maybe_unused]] int error)
{
#if defined(EAI_NODATA) && EAI_NODATA != EAI_NONAME
    return error == EAI_NODATA;
#else
    return false; // reported like an unknown name
#endif
}

/// The family that the question asks for: see Resolver::LookupFunction.
int familyOf(const QByteArray &question)
{
    const qsizetype end = question.indexOf('\0');
    if (end < 0)
        return AF_UNSPEC;
    return question.endsWith('4') ? AF_INET : AF_INET6;
}

#ifdef Q_OS_WIN

bool isShortage(int error)
{
    return error == EAI_MEMORY || error == WSAEMFILE || error == WSAENOBUFS;
}

#else

/// Whether the lookup that just failed lacked a resource of ours. EAI_SYSTEM and EAI_MEMORY are not
/// enough: glibc 2.36 reports EAI_NONAME if it has no descriptor for nsswitch.conf or /etc/hosts,
/// and EAI_AGAIN if it has no memory for a socket. It usually leaves errno set, and
/// lacksDescriptors() finds a shortage that lasts.
bool isShortage(int error)
{
    const int left = errno;
    return error == EAI_MEMORY || left == EMFILE || left == ENFILE || left == ENOMEM
        || left == ENOBUFS || lacksDescriptors();
}

#endif

/// For a lookup that just succeeded. Without a descriptor for /etc/hosts glibc asks the name server
/// instead, whose answer may differ, and leaves the errno of that. On other systems a leftover
/// errno means nothing.
bool mayBeIncomplete()
{
#if defined(__GLIBC__)
    return errno == EMFILE || errno == ENFILE || errno == ENOMEM;
#else
    return false;
#endif
}

/// Whether another host may get the address within minutes: ranges that container engines and
/// routers assign (RFC 1918, 6598, 3927, 4193, 4291 §2.5.6).
bool isHandedOut(const QHostAddress &address)
{
    static const std::array<QPair<QHostAddress, int>, 7> ranges {
        QHostAddress::parseSubnet(QStringLiteral("10.0.0.0/8")),
        QHostAddress::parseSubnet(QStringLiteral("172.16.0.0/12")),
        QHostAddress::parseSubnet(QStringLiteral("192.168.0.0/16")),
        QHostAddress::parseSubnet(QStringLiteral("100.64.0.0/10")),
        QHostAddress::parseSubnet(QStringLiteral("169.254.0.0/16")),
        QHostAddress::parseSubnet(QStringLiteral("fc00::/7")),
        QHostAddress::parseSubnet(QStringLiteral("fe80::/10")),
    };
    const QHostAddress plain = unmapped(address);
    return std::any_of(ranges.begin(), ranges.end(),
                       [&plain](const auto &range) { return plain.isInSubnet(range); });
}

} // namespace

std::chrono::seconds Resolver::lifetimeOf(const ResolveAnswer &answer)
{
    if (answer.failed)
        return badLifetime;
    const bool isLocal = std::any_of(answer.addresses.begin(), answer.addresses.end(), isHandedOut);
    return isLocal ? localLifetime : goodLifetime;
}

ResolveAnswer Resolver::systemLookup(const QByteArray &question)
{
    addrinfo hints {};
    hints.ai_family = familyOf(question);
    hints.ai_socktype = SOCK_STREAM; // one entry per address instead of one per protocol
    // On a machine without IPv6 (the default in a container) asks only for IPv4: some name servers
    // never answer the second question. A family that the operator has chosen is always asked for.
    if (hints.ai_family == AF_UNSPEC)
        hints.ai_flags = AI_ADDRCONFIG;
    addrinfo *list = nullptr;
#ifndef Q_OS_WIN
    errno = 0;
#endif
    // getaddrinfo() stops at the NUL before the family.
    const int error = ::getaddrinfo(question.constData(), nullptr, &hints, &list);
    const bool isShort = error == 0 ? mayBeIncomplete() : isShortage(error);
    if (isShort) {
        if (list)
            ::freeaddrinfo(list);
        return { {}, true, "the lookup lacked descriptors or memory", true };
    }
    if (isUnknownName(error)) {
        ResolveAnswer answer = unknownName();
        answer.lacksFamily = hints.ai_family != AF_UNSPEC && isWithoutAddress(error);
        return answer;
    }
    if (error != 0)
        return { {}, true, inWords(error) };
    ResolveAnswer answer;
    for (const addrinfo *entry = list; entry; entry = entry->ai_next) {
        if (entry->ai_family != AF_INET && entry->ai_family != AF_INET6)
            continue;
        const QHostAddress address(entry->ai_addr);
        if (!answer.addresses.contains(address))
            answer.addresses.append(address);
    }
    ::freeaddrinfo(list);
    if (answer.addresses.isEmpty())
        return unknownName();
    return answer;
}

} // namespace sami::net
