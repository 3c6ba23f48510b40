// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/dialfault.h"

namespace sami::net {

const char *toString(DialFault fault)
{
    switch (fault) {
    case DialFault::NameNotFound:
    case DialFault::DnsFailure:
        return "dns_error";
    case DialFault::DnsTimeout:
        return "dns_timeout";
    case DialFault::AddressRefused:
        return "destination_ip_prohibited";
    case DialFault::ConnectionRefused:
        return "connection_refused";
    case DialFault::FamilyExcluded:
    case DialFault::Unreachable:
        return "destination_ip_unroutable";
    case DialFault::SourceUnavailable:
        return "proxy_configuration_error";
    case DialFault::ConnectTimeout:
        return "connection_timeout";
    case DialFault::ConnectionReset:
        return "connection_terminated";
    case DialFault::TlsCertificate:
        return "tls_certificate_error";
    case DialFault::TlsProtocol:
        return "tls_protocol_error";
    case DialFault::NoTlsLibrary:
    case DialFault::NoAuthorities:
    case DialFault::ParentCredentials:
        return "proxy_configuration_error";
    case DialFault::PinMismatch:
        return "tls_certificate_error";
    case DialFault::ParentProtocol:
        return "http_protocol_error";
    case DialFault::ParentUnavailable:
        return "connection_limit_reached";
    case DialFault::ParentForbids:
        return "http_request_denied";
    case DialFault::ParentLoop:
        return "proxy_loop_detected";
    case DialFault::DestinationFailed:
    case DialFault::NoParent:
        return "destination_unavailable";
    case DialFault::OutOfResources:
        return "proxy_internal_error";
    }
    return "proxy_internal_error";
}

} // namespace sami::net
