// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/resolver.h"

// One function of one standard (RFC 3493 §6.1), in other headers.
#ifdef Q_OS_WIN
#include <winsock2.h>
#include <ws2tcpip.h>
#else
#include <netdb.h>
#include <sys/socket.h>
#endif

namespace sami::net {

namespace {

QByteArray inWords(int error)
{
    switch (error) {
    case EAI_NONAME:
#if defined(EAI_NODATA) && EAI_NODATA != EAI_NONAME
    case EAI_NODATA: // the name exists, but has no address
#endif
        return "no such host";
    case EAI_AGAIN:
        return "the name server does not answer";
    case EAI_FAIL:
        return "the name server reports a failure";
    default:
        return "the lookup failed";
    }
}

} // namespace

ResolveAnswer Resolver::systemLookup(const QByteArray &name)
{
    addrinfo hints {};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM; // one entry per address instead of one per protocol
    // Where there is no IPv6 (a container by default), do not ask for it: some name servers
    // answer the second question never.
    hints.ai_flags = AI_ADDRCONFIG;
    addrinfo *list = nullptr;
    const int error = ::getaddrinfo(name.constData(), nullptr, &hints, &list);
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
        return { {}, true, "no such host" };
    return answer;
}

} // namespace sami::net
