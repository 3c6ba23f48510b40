// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "base/exitroute.h"

namespace sami {

namespace {

bool isIPv4(const QHostAddress &address)
{
    return address.protocol() == QAbstractSocket::IPv4Protocol;
}

} // namespace

const char *toString(ExitFamily family)
{
    switch (family) {
    case ExitFamily::Any:
        break;
    case ExitFamily::IPv4:
        return "ipv4";
    case ExitFamily::IPv6:
        return "ipv6";
    }
    return "any";
}

bool ExitRoute::leadsTo(const QHostAddress &destination) const
{
    return family == ExitFamily::Any || (family == ExitFamily::IPv4) == isIPv4(destination);
}

const std::optional<QHostAddress> &ExitRoute::sourceFor(const QHostAddress &destination) const
{
    return isIPv4(destination) ? sources.ipv4 : sources.ipv6;
}

} // namespace sami
