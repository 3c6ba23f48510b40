// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "route/parentanswer.h"

#include "base/blanks.h"
#include "http/syntax.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace sami::route {

using net::Blame;
using net::DialError;
using net::DialFault;

namespace {

constexpr qsizetype maxPhrase = 80;

struct Meaning
{
    QByteArrayView error;
    DialFault fault;
};

/// RFC 9209 §2.3: the errors about the destination, or about the way from the proxy to it.
constexpr Meaning ofDestinations[] = {
    { "dns_timeout", DialFault::DnsTimeout },
    { "dns_error", DialFault::DnsFailure },
    { "destination_not_found", DialFault::DestinationFailed },
    { "destination_unavailable", DialFault::DestinationFailed },
    { "destination_ip_prohibited", DialFault::AddressRefused },
    { "destination_ip_unroutable", DialFault::Unreachable },
    { "connection_refused", DialFault::ConnectionRefused },
    { "connection_terminated", DialFault::ConnectionReset },
    { "connection_timeout", DialFault::ConnectTimeout },
    { "connection_read_timeout", DialFault::ConnectTimeout },
    { "connection_write_timeout", DialFault::ConnectTimeout },
    { "connection_limit_reached", DialFault::DestinationFailed },
    { "tls_protocol_error", DialFault::TlsProtocol },
    { "tls_certificate_error", DialFault::TlsCertificate },
    { "tls_alert_received", DialFault::TlsProtocol },
    { "proxy_loop_detected", DialFault::ParentLoop },
};

/// Squid's own errors; it answers 503 for them, as in "ERR_DNS_FAIL 0".
constexpr Meaning ofSquid[] = {
    { "ERR_DNS_FAIL", DialFault::DnsFailure },
    { "ERR_CONNECT_FAIL", DialFault::ConnectionRefused },
};

template <size_t size>
std::optional<DialFault> meaningOf(const Meaning (&table)[size], QByteArrayView error)
{
    const auto *found = std::find_if(std::begin(table), std::end(table),
                                     [error](const Meaning &row) { return row.error == error; });
    if (found == std::end(table))
        return std::nullopt;
    return found->fault;
}

/// RFC 8941 §3.1.2: the value of a member's parameter "error", a token; empty if it has none.
QByteArrayView errorOf(QByteArrayView member)
{
    bool isQuoted = false;
    qsizetype start = 0;
    for (qsizetype i = 0; i <= member.size(); ++i) {
        if (i < member.size() && isQuoted && member[i] == '\\') {
            ++i;
            continue;
        }
        if (i < member.size() && member[i] == '"')
            isQuoted = !isQuoted;
        if (i < member.size() && (isQuoted || member[i] != ';'))
            continue;
        const QByteArrayView parameter = trimBlanks(member.sliced(start, i - start));
        constexpr QByteArrayView name = "error=";
        if (start > 0 && parameter.startsWith(name))
            return parameter.sliced(name.size());
        start = i + 1;
    }
    return {};
}

/// The error of the hop nearest to us.
QByteArrayView nearestError(const http::HeaderList &fields)
{
    QByteArrayView nearest;
    for (const QByteArrayView member : fields.listElements("Proxy-Status")) {
        if (const QByteArrayView error = errorOf(member); !error.isEmpty())
            nearest = error;
    }
    return nearest;
}

std::optional<DialFault> faultOfDestination(const http::ResponseHead &answer)
{
    if (const auto fault = meaningOf(ofDestinations, nearestError(answer.fields)))
        return fault;
    switch (answer.status) {
    case 403:
    case 451:
        return DialFault::ParentForbids;
    case 504:
        return DialFault::ConnectTimeout;
    case 508:
        return DialFault::ParentLoop;
    case 503: {
        const QByteArrayView said = answer.fields.value("X-Squid-Error").value_or(QByteArrayView());
        return meaningOf(ofSquid, said.first(std::max<qsizetype>(said.indexOf(' '), 0)));
    }
    case 404:
    case 405:
    case 429:
    case 501:
        return std::nullopt;
    default:
        return DialFault::DestinationFailed;
    }
}

} // namespace

QByteArray passedOnPhrase(QByteArrayView reason)
{
    QByteArray phrase;
    for (const char c : reason) {
        if (c >= ' ' && c <= '~' && phrase.size() < maxPhrase)
            phrase.append(c);
    }
    return phrase.trimmed();
}

std::optional<DialError> faultOf(const http::ResponseHead &answer)
{
    const int kind = answer.status / 100;
    if (kind == 2)
        return std::nullopt;
    DialError error;
    error.phrase = passedOnPhrase(answer.reason);
    error.detail = "the parent proxy answered " + QByteArray::number(answer.status);
    if (!error.phrase.isEmpty())
        error.detail += ' ' + error.phrase;
    error.blame = Blame::Parent;
    if (kind == 1 || kind == 3) {
        error.fault = DialFault::ParentProtocol;
    } else if (answer.status == 407) {
        error.fault = DialFault::ParentCredentials;
    } else if (const auto ofDestination = faultOfDestination(answer)) {
        error.fault = *ofDestination;
        error.blame = Blame::Beyond;
    } else {
        const bool isBusy = answer.status == 503 || answer.status == 429;
        error.fault = isBusy ? DialFault::ParentUnavailable : DialFault::ParentProtocol;
    }
    return error;
}

} // namespace sami::route
