// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QtGlobal>

namespace sami::net {

/// Why a dial failed. Each kind maps to an error type of RFC 9209.
enum class DialFault {
    NameNotFound,      ///< dns_error: the name server says that the name does not exist
    DnsFailure,        ///< dns_error: any other failure of the lookup
    DnsTimeout,        ///< dns_timeout
    AddressRefused,    ///< destination_ip_prohibited: no address passed the filter
    FamilyExcluded,    ///< destination_ip_unroutable: no address of the exit's family
    SourceUnavailable, ///< proxy_configuration_error: the exit's address is no longer ours
    ConnectionRefused, ///< connection_refused
    Unreachable,       ///< destination_ip_unroutable
    ConnectTimeout,    ///< connection_timeout
    ConnectionReset,   ///< connection_terminated, while connecting or in the TLS handshake
    TlsCertificate,    ///< tls_certificate_error
    TlsProtocol,       ///< tls_protocol_error
    NoTlsLibrary,      ///< proxy_configuration_error: this machine has none
    NoAuthorities,     ///< proxy_configuration_error: no list of trusted CAs
    // For routes through parent proxies:
    PinMismatch,       ///< tls_certificate_error: a key that is not pinned
    ParentCredentials, ///< proxy_configuration_error: the parent refuses our credentials
    ParentProtocol,    ///< http_protocol_error: its answer does not fit the request
    ParentUnavailable, ///< connection_limit_reached: it says that it cannot serve now
    ParentForbids,     ///< http_request_denied: it does not serve that destination
    ParentLoop,        ///< proxy_loop_detected: it reports a loop
    DestinationFailed, ///< destination_unavailable: so the parent says, without a known cause
    NoParent,          ///< destination_unavailable: no parent answers
    OutOfResources,    ///< proxy_internal_error: no descriptors, ports, memory, lookups
};

/// The Proxy-Status error type (RFC 9209 §2.3).
[[nodiscard]] const char *toString(DialFault fault);

/// Whom a failure is about.
enum class Blame : quint8 {
    Reached,   ///< the host that was reached: another address or another route may do better
    Parent,    ///< the parent itself: its other addresses will not help, another route may
    Beyond,    ///< the destination, as a proxy on the route says: no other route helps
    Ourselves, ///< this machine lacks something: no other address or route helps
};

struct DialError
{
    DialFault fault {};
    QByteArray detail; ///< for people; contains no internal address
    Blame blame = Blame::Reached;
    /// The reason that a parent gave: at most 80 printable ASCII octets, or empty.
    QByteArray phrase {};
    QByteArray route {}; ///< name of the route that failed, the last of several; empty: direct
    /// TCP connected, but TLS was not established, for whatever reason.
    bool isAmidTls = false;
};

} // namespace sami::net
