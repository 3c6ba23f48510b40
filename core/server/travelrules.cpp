// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/travelrules.h"

#include "http/hopbyhop.h"
#include "policy/specialaddresses.h"
#include "route/routechoice.h"
#include "server/context.h"

#include <algorithm>

namespace sami::server {

using policy::Decision;
using policy::Refusal;

namespace {

Decision judgeLoop(const SocketAddress &destination, const ActiveSettings &active,
                   const SocketAddress &reachedAt)
{
    const auto judge = [&](const SocketAddress &door) {
        return policy::DestinationRules::checkLoop(destination, door, active.ownNetworks,
                                                   reachedAt.address);
    };
    Decision decision = judge({ active.settings.listen.address, reachedAt.port });
    // An admin door may trust whoever reaches its address (PROXY_METRICS asks for no token). A
    // client of the proxy must not gain that trust by reaching the door through the proxy.
    for (const SocketAddress &door : active.settings.admin.addresses()) {
        if (!decision.isAllowed())
            break;
        decision = judge(door);
    }
    return decision;
}

bool isPortOfDoor(quint16 port, const ActiveSettings &active, const SocketAddress &reachedAt)
{
    const QList<SocketAddress> others = active.settings.admin.addresses();
    return port == reachedAt.port
        || std::any_of(others.cbegin(), others.cend(),
                       [port](const SocketAddress &door) { return door.port == port; });
}

Decision judgeLoopback(quint16 port, const ActiveSettings &active, const SocketAddress &reachedAt)
{
    const QHostAddress loopback(QHostAddress::LocalHost);
    const QHostAddress loopback6(QHostAddress::LocalHostIPv6);
    // Checks both: the parent resolves the name, and may be on this machine.
    for (const QHostAddress &address : { loopback, loopback6 }) {
        if (Decision loop = judgeLoop({ address, port }, active, reachedAt); !loop.isAllowed())
            return loop;
    }
    Decision decision = judgeAddress({ loopback, port }, active, reachedAt);
    return decision.isAllowed() ? decision : judgeAddress({ loopback6, port }, active, reachedAt);
}

} // namespace

Decision judgeName(const Endpoint &destination, const ActiveSettings &active,
                   const users::UserPtr &user)
{
    Decision decision = active.policy.destinations().checkName(destination);
    if (decision.isAllowed() && user && !user->mayReach(destination))
        decision.refusal = Refusal::UserHostNotListed;
    return decision;
}

Decision judgeAddress(const SocketAddress &destination, const ActiveSettings &active,
                      const SocketAddress &reachedAt)
{
    const Decision decision = active.policy.destinations().checkAddress(
        destination.address, active.ownNetworks, reachedAt.address);
    return decision.isAllowed() ? judgeLoop(destination, active, reachedAt) : decision;
}

Decision judgeTravel(const Endpoint &destination, const ActiveSettings &active,
                     const SocketAddress &reachedAt)
{
    const bool areAllAllowed = active.settings.access.privateTargets.all;
    switch (route::judgeOf(destination, active.ownNames)) {
    case route::Judge::Parent:
        break;
    case route::Judge::Address:
        return judgeAddress({ unmapped(*destination.literalAddress()), destination.port }, active,
                            reachedAt);
    case route::Judge::Loopback:
        return judgeLoopback(destination.port, active, reachedAt);
    case route::Judge::Own:
        if (isPortOfDoor(destination.port, active, reachedAt))
            return { Refusal::Loop };
        return areAllAllowed ? Decision {} : Decision { Refusal::OwnAddress };
    case route::Judge::Private:
        return areAllAllowed ? Decision {} : Decision { Refusal::PrivateTarget };
    }
    return {};
}

Decision judgeParent(const SocketAddress &parent, const ActiveSettings &active,
                     const SocketAddress &reachedAt)
{
    return judgeLoop(parent, active, reachedAt);
}

QByteArray viaOfJourney(const http::HeaderList &received, const QByteArray &pseudonym)
{
    QByteArray via;
    for (const QByteArray &instance : http::instancesInVia(received))
        via += "1.1 " + instance + ", ";
    return via + "1.1 " + pseudonym;
}

} // namespace sami::server
