// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/exposure.h"

#include "base/endpoint.h"

#include <algorithm>

namespace sami::config {

QHostAddress addressFromHere(const QHostAddress &listening)
{
    if (listening == QHostAddress(QHostAddress::AnyIPv4)
        || listening == QHostAddress(QHostAddress::Any))
        return QHostAddress(QHostAddress::LocalHost);
    if (listening == QHostAddress(QHostAddress::AnyIPv6))
        return QHostAddress(QHostAddress::LocalHostIPv6);
    return listening;
}

bool listensOnLoopbackOnly(const Settings &settings)
{
    return unmapped(settings.listen.address).isLoopback();
}

bool isOpenToEveryone(const Settings &settings)
{
    if (listensOnLoopbackOnly(settings) || settings.access.credentials)
        return false;
    const QList<policy::Cidr> &allowed = settings.access.allowedClients;
    return allowed.isEmpty()
        || std::any_of(allowed.cbegin(), allowed.cend(),
                       [](const policy::Cidr &range) { return range.prefixLength() == 0; });
}

} // namespace sami::config
