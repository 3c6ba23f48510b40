// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Input: a method, SP, a request target.
#include "fuzzing.h"
#include "http/requesttarget.h"

#include <algorithm>

using namespace sami;
using namespace sami::http;

namespace {

/// What the request line can hold: the head parser lets nothing else come here.
bool isPossibleTarget(QByteArrayView target)
{
    return std::all_of(target.begin(), target.end(), [](char c) {
        const auto octet = static_cast<unsigned char>(c);
        return octet > 0x20 && octet != 0x7f;
    });
}

/// That target leads to the same place and asks for the same there.
void requireSame(QByteArrayView method, const QByteArray &text, const RequestTarget &expected)
{
    const auto target = parseRequestTarget(method, text);
    fuzzing::require(target && target->form == expected.form && target->scheme == expected.scheme
                         && target->endpoint == expected.endpoint
                         && target->authority == expected.authority
                         && target->originForm == expected.originForm,
                     "a fragment changes nothing, and ws is another name of http");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArrayView input = fuzzing::viewOf(data, size);
    const qsizetype blank = qMax<qsizetype>(input.indexOf(' '), 0);
    const QByteArrayView method = input.first(blank);
    const QByteArrayView text = input.sliced(qMin(blank + 1, input.size()));
    if (!isPossibleTarget(text))
        return 0;
    static_cast<void>(isValidHostField(text));
    const auto target = parseRequestTarget(method, text);
    if (!target) {
        fuzzing::require(qstrlen(toString(target.error())) > 0, "a fault has its words");
        return 0;
    }
    const bool isConnect = method == "CONNECT";
    fuzzing::require(isConnect == (target->form == TargetForm::Authority),
                     "CONNECT takes the authority-form, and nothing else does");
    if (isConnect || target->form == TargetForm::Absolute) {
        fuzzing::require(target->endpoint.port != 0, "a destination has a port");
        fuzzing::require(isValidHostField(target->endpoint.toByteArray()),
                         "a destination is a host and a port");
    }
    if (isConnect)
        return 0;
    const QByteArray &line = target->originForm;
    fuzzing::require(line.startsWith('/') || line == "*", "the origin-form is one");
    fuzzing::require(isPossibleTarget(line) && !line.contains('#'), "the origin-form is one word");
    fuzzing::require(line.startsWith(target->path().toByteArray()), "the path begins it");
    if (target->form != TargetForm::Absolute)
        return 0;
    fuzzing::require(!target->authority.isEmpty() && isValidHostField(target->authority),
                     "the forwarded Host is well-formed");

    requireSame(method, text.toByteArray() + "#f/?#", *target);
    const QByteArray lower = text.first(5).toByteArray().toLower();
    if (lower.startsWith("http:"))
        requireSame(method, "ws" + text.sliced(4).toByteArray(), *target);
    else if (lower == "https")
        requireSame(method, "wss" + text.sliced(5).toByteArray(), *target);

    const QByteArray again = QByteArray(toString(target->scheme)) + "://"
        + (target->endpoint.host.contains(':') && target->scheme == Scheme::Https
               ? target->endpoint.toByteArray()
               : target->authority)
        + (line == "*" ? QByteArray() : line);
    const auto same = parseRequestTarget(method, again);
    fuzzing::require(same && same->originForm == line && same->scheme == target->scheme
                         && same->endpoint.host == target->endpoint.host,
                     "what is sent on means the same");
    return 0;
}
