// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/parents.h"

#include <QHostAddress>

#include <algorithm>
#include <optional>

namespace sami::config {

Parent Parent::direct()
{
    Parent parent;
    parent.name = toString(ParentKind::Direct);
    return parent;
}

bool ParentBypass::matches(const Endpoint &destination) const
{
    const std::optional<QHostAddress> literal = destination.literalAddress();
    return (literal
            && std::any_of(ranges.cbegin(), ranges.cend(),
                           [&](const policy::Cidr &range) { return range.contains(*literal); }))
        || std::any_of(hosts.cbegin(), hosts.cend(), [&](const policy::HostEntry &host) {
               return host.matches(destination.host, destination.port);
           });
}

} // namespace sami::config
