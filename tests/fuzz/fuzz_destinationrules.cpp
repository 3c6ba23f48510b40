// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Input: an address that may be reached (or nothing), LF, one that is asked for.
#include "base/endpoint.h"
#include "fuzzing.h"
#include "policy/destinationrules.h"
#include "policy/specialaddresses.h"

#include <optional>

using namespace sami;
using namespace sami::policy;

namespace {

QHostAddress embedded(const QHostAddress &address, std::initializer_list<quint8> prefix,
                      qsizetype at)
{
    Q_IPV6ADDR bytes {};
    std::copy(prefix.begin(), prefix.end(), bytes.c);
    const quint32 bits = address.toIPv4Address();
    for (int i = 0; i < 4; ++i)
        bytes[static_cast<int>(at) + i] = static_cast<quint8>(bits >> (24 - 8 * i));
    return QHostAddress(bytes);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    QByteArrayView input = fuzzing::viewOf(data, size);
    AccessRules rules;
    if (const auto range = Cidr::parse(fuzzing::takeLine(input)))
        rules.privateTargets.allowed = { *range };
    const auto address = Endpoint { input.toByteArray(), 0 }.literalAddress();
    if (!address)
        return 0;
    const DestinationRules deciders(rules);
    const bool special = isSpecial(*address);
    const bool isAllowed = deciders.checkAddress(*address, {}).isAllowed();
    fuzzing::require(isAllowed || special, "an ordinary address is reached");
    fuzzing::require(DestinationRules().checkAddress(*address, {}).isAllowed() != special,
                     "a special one is not");
    const OwnNetworks own({ { *address, 24, LinkKind::Shared, "eth0" } });
    fuzzing::require(!DestinationRules().checkAddress(*address, own).isAllowed(), "nor is our own");
    fuzzing::require(!DestinationRules().checkAddress(*address, {}, *address).isAllowed(),
                     "nor where we were reached");
    rules.privateTargets.all = true;
    fuzzing::require(DestinationRules(rules).checkAddress(*address, {}).isAllowed(),
                     "unless all are allowed");
    if (address->protocol() != QAbstractSocket::IPv4Protocol || !special)
        return 0;
    for (const QHostAddress &form :
         { embedded(*address, { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff }, 12),
           embedded(*address, { 0, 0x64, 0xff, 0x9b }, 12), embedded(*address, { 0x20, 0x02 }, 2) })
        fuzzing::require(isSpecial(form), "a special address stays one in another form");
    return 0;
}
