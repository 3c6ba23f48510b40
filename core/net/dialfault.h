// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QtGlobal>

namespace sami::net {

/// Why a dial failed. Each kind has its RFC 9209 name.
enum class DialFault {
    NameNotFound,      ///< dns_error: the name server says that there is no such name
    DnsFailure,        ///< dns_error: any other failure of the look-up
    DnsTimeout,        ///< dns_timeout
    AddressRefused,    ///< destination_ip_prohibited: no address passed the filter
    FamilyExcluded,    ///< destination_ip_unroutable: no address is of the exit's family
    SourceUnavailable, ///< proxy_configuration_error: the exit's address is not ours any more
    ConnectionRefused, ///< connection_refused
    Unreachable,       ///< destination_ip_unroutable
    ConnectTimeout,    ///< connection_timeout
    ConnectionReset,   ///< connection_terminated, while connecting or in the TLS handshake
    TlsCertificate,    ///< tls_certificate_error
    TlsProtocol,       ///< tls_protocol_error
    NoTlsLibrary,      ///< proxy_configuration_error: this machine has none
    NoAuthorities,     ///< proxy_configuration_error: it has no list of trusted ones
    // Of ways through parent proxies.
    PinMismatch,       ///< tls_certificate_error: TLS with another key than the pinned one
    ParentCredentials, ///< proxy_configuration_error: the parent refuses our credentials
    ParentProtocol,    ///< http_protocol_error: its answer is none to what it was asked
    ParentUnavailable, ///< connection_limit_reached: it says that it cannot serve now
    ParentForbids,     ///< http_request_denied: it does not serve that destination
    ParentLoop,        ///< proxy_loop_detected: it says that the way leads in a circle
    DestinationFailed, ///< destination_unavailable: by the parent's word, with no cause we know
    NoParent,          ///< destination_unavailable: none of the parents answers
    OutOfResources,    ///< proxy_internal_error: no descriptors, ports, memory, lookups
};

/// The Proxy-Status error type of RFC 9209 §2.3.
[[nodiscard]] const char *toString(DialFault fault);

/// Whom a failure speaks of.
enum class Blame : quint8 {
    Reached,   ///< whom the connection led to: another address, or another way, may do better
    Parent,    ///< a proxy that is the right one: no other address of it, but perhaps another way
    Beyond,    ///< the destination, by word of a proxy on the way to it: that is the answer
    Ourselves, ///< this machine lacks something: no other address or way has it
};

struct DialError
{
    DialFault fault {};
    QByteArray detail; ///< for a person; holds no address of the inside
    Blame blame = Blame::Reached;
    /// What a parent gave as its reason: at most 80 printable ASCII octets; empty for none.
    QByteArray phrase {};
    QByteArray route {}; ///< the name of the way that failed, of several the last; empty: direct
    /// TCP reached somebody, and TLS with them did not come about, whatever stopped it.
    bool isAmidTls = false;
};

} // namespace sami::net
