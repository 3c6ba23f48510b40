// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Input: a range, LF, an address.
#include "base/endpoint.h"
#include "fuzzing.h"
#include "policy/cidr.h"
#include "policy/clientacl.h"

using namespace sami;
using policy::Cidr;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    QByteArrayView input = fuzzing::viewOf(data, size);
    const auto range = Cidr::parse(fuzzing::takeLine(input));
    if (!range) {
        fuzzing::require(!range.error().isEmpty(), "a fault has its words");
        return 0;
    }
    const auto again = Cidr::parse(range->toByteArray());
    fuzzing::require(again && *again == *range, "a printed range reads the same");
    fuzzing::require(range->contains(range->network()), "a range holds its first address");

    const auto address = Endpoint { input.toByteArray(), 0 }.literalAddress();
    if (!address)
        return 0;
    const bool isInside = range->contains(*address);
    fuzzing::require(isInside == address->isInSubnet(range->network(), range->prefixLength()),
                     "Qt finds the same");
    fuzzing::require(Cidr::host(*address).contains(*address), "an address is its own range");
    const policy::ClientAcl acl({ *range });
    fuzzing::require(acl.check(policy::Caller(*address)).isAllowed() == isInside,
                     "the client list says the same");
    if (address->protocol() == QAbstractSocket::IPv4Protocol) {
        const QHostAddress mapped(QLatin1String("::ffff:") + address->toString());
        fuzzing::require(acl.check(policy::Caller(mapped)).isAllowed() == isInside,
                         "a mapped address is IPv4");
    }
    return 0;
}
