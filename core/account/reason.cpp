// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "account/reason.h"

#include "account/enumranges.h"

namespace sami::account {

namespace {

const char *codeOf(std::monostate)
{
    return "";
}

/// The name from RFC 9209, unless that name covers several faults.
const char *codeOf(net::DialFault fault)
{
    using net::DialFault;
    switch (fault) {
    case DialFault::NameNotFound:
        return "name_not_found";
    case DialFault::FamilyExcluded:
        return "exit_family";
    case DialFault::SourceUnavailable:
        return "source_address";
    case DialFault::NoTlsLibrary:
        return "no_tls_library";
    case DialFault::NoAuthorities:
        return "no_authorities";
    case DialFault::PinMismatch:
        return "parent_pin";
    case DialFault::ParentCredentials:
        return "parent_credentials";
    case DialFault::ParentProtocol:
        return "parent_protocol";
    case DialFault::ParentUnavailable:
        return "parent_unavailable";
    case DialFault::ParentForbids:
        return "parent_forbids";
    case DialFault::ParentLoop:
        return "parent_loop";
    case DialFault::DestinationFailed:
        return "destination_failed";
    case DialFault::NoParent:
        return "no_parent";
    case DialFault::DnsFailure:
    case DialFault::DnsTimeout:
    case DialFault::AddressRefused:
    case DialFault::ConnectionRefused:
    case DialFault::Unreachable:
    case DialFault::ConnectTimeout:
    case DialFault::ConnectionReset:
    case DialFault::TlsCertificate:
    case DialFault::TlsProtocol:
    case DialFault::OutOfResources:
        break;
    }
    return net::toString(fault);
}

const char *codeOf(policy::Refusal refusal)
{
    return policy::toString(refusal);
}

template <typename Enum> const char *codeOf(Enum value)
{
    return toString(value);
}

/// The value of that enum with this code.
template <typename Enum> Reason find(QByteArrayView code)
{
    for (const Enum value : enumValues<Enum>()) {
        const Reason reason = value;
        if (code == QByteArrayView(reason.code()))
            return reason;
    }
    return {};
}

} // namespace

const char *toString(Cause cause)
{
    switch (cause) {
    case Cause::Full:
        return "full";
    case Cause::ClientFull:
        return "client_full";
    case Cause::UnfinishedHeads:
        return "unfinished_heads";
    case Cause::Draining:
        return "draining";
    case Cause::NotFound:
        return "not_found";
    case Cause::MethodNotAllowed:
        return "method_not_allowed";
    case Cause::HeadTimeout:
        return "head_timeout";
    case Cause::BadHostField:
        return "bad_host_field";
    case Cause::BadMaxForwards:
        return "bad_max_forwards";
    case Cause::Silence:
        return "silence";
    case Cause::MalformedResponse:
        return "http_protocol_error";
    case Cause::UnaskedUpgrade:
        return "unasked_upgrade";
    case Cause::NoResponse:
        return "no_response";
    case Cause::ResponseCut:
        return "response_incomplete";
    case Cause::RequestCut:
        return "request_incomplete";
    case Cause::KeptInput:
        return "kept_input";
    case Cause::TlsTimeout:
        return "tls_timeout";
    case Cause::TlsFull:
        return "tls_full";
    case Cause::TlsTruncated:
        return "tls_truncated";
    case Cause::NoProxyHeader:
        return "proxy_protocol_missing";
    case Cause::BadProxyHeader:
        return "proxy_protocol_bad";
    case Cause::ParentLost:
        return "parent_lost";
    case Cause::UserFull:
        return "user_full";
    case Cause::SignInFull:
        return "sign_in_full";
    case Cause::UserRemoved:
        return "user_removed";
    }
    return "";
}

const char *Reason::code() const
{
    return std::visit([](auto value) { return codeOf(value); }, m_value);
}

Reason Reason::ofCode(QByteArrayView code)
{
    for (const Reason &reason : { find<Cause>(code), find<policy::Refusal>(code),
                                  find<net::DialFault>(code), find<http::HeadFault>(code),
                                  find<http::TargetFault>(code), find<http::FramingFault>(code),
                                  find<http::BodyFault>(code), find<http::ForeignProtocol>(code),
                                  find<socks::Fault>(code), find<net::TlsAcceptFault>(code) }) {
        if (!reason.isNone())
            return reason;
    }
    return {};
}

policy::Refusal Reason::refusal() const
{
    const auto *refusal = std::get_if<policy::Refusal>(&m_value);
    return refusal ? *refusal : policy::Refusal::None;
}

} // namespace sami::account
