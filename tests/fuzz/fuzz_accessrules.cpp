// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Input: a host pattern or a preset, LF, a range of ports, LF, a host:port that is asked for.
#include "fuzzing.h"
#include "http/requesttarget.h"
#include "policy/destinationrules.h"

using namespace sami;
using namespace sami::policy;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    QByteArrayView input = fuzzing::viewOf(data, size);
    const QByteArrayView text = fuzzing::takeLine(input);
    const auto pattern = HostPattern::parse(text);
    const auto range = PortRange::parse(fuzzing::takeLine(input));
    const auto target = http::parseRequestTarget("CONNECT", input);
    AccessRules rules;
    if (range) {
        const auto again = PortRange::parse(range->toByteArray());
        fuzzing::require(again && *again == *range, "a printed range reads the same");
        fuzzing::require(range->contains(range->first) && range->contains(range->last),
                         "a range holds its ends");
        rules.allowedPorts = { *range };
    }
    if (const auto entry = HostEntry::parse(text)) {
        const auto again = HostEntry::parse(entry->toByteArray());
        fuzzing::require(again && *again == *entry, "a printed entry reads the same");
        fuzzing::require(!entry->patterns().isEmpty(), "an entry means at least one host");
        fuzzing::require(pattern.has_value() == entry->preset.isEmpty(),
                         "an entry is a pattern or a preset");
    }
    if (pattern) {
        const auto again = HostPattern::parse(pattern->toByteArray());
        fuzzing::require(again && *again == *pattern, "a printed pattern reads the same");
        const quint16 port = pattern->port.value_or(443);
        fuzzing::require(pattern->matches(pattern->host, port) != pattern->matchesSubdomains,
                         "a name matches itself, a suffix does not");
        fuzzing::require(!pattern->matchesSubdomains
                             || pattern->matches("a." + pattern->host, port),
                         "a suffix matches what is below it");
        rules.allowedHosts = { *pattern };
    }
    if (!target)
        return 0;
    const Endpoint &wanted = target->endpoint;
    const bool isAllowed = DestinationRules(rules).checkName(wanted).isAllowed();
    const bool hostPasses = !pattern || pattern->matches(wanted.host, wanted.port);
    const bool portPasses = range ? range->contains(wanted.port)
                                  : wanted.port == 80 || wanted.port == 443 || wanted.port >= 1024;
    fuzzing::require(isAllowed == (hostPasses && portPasses), "both lists must allow it");
    const Endpoint shouted { wanted.host.toUpper() + (wanted.host.contains(':') ? "" : "."),
                             wanted.port };
    fuzzing::require(wanted.host.endsWith('.')
                         || DestinationRules(rules).checkName(shouted).isAllowed() == isAllowed,
                     "case and a trailing dot change nothing");
    return 0;
}
