// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/replytext.h"

namespace sami::server {

using net::DialFault;

namespace {

/// About the way to the host: its address family, its source address, its parents.
ReplyText outgoingText(DialFault fault)
{
    const char *const type = net::toString(fault);
    switch (fault) {
    case DialFault::FamilyExcluded:
        return { 502, type, fault, "No address of the host fits PROXY_EXIT_FAMILY",
                 "This proxy reaches hosts over one of IPv4 and IPv6 only. Its operator can change "
                 "PROXY_EXIT_FAMILY.\n" };
    case DialFault::SourceUnavailable:
        return { 502, type, fault, "The address in PROXY_SOURCE_ADDRESS is gone",
                 "This proxy's machine no longer has the address in PROXY_SOURCE_ADDRESS. Its "
                 "operator can change the setting.\n" };
    case DialFault::PinMismatch:
        return {
            502, type, fault, "The parent proxy's key is not the pinned one",
            "The parent proxy of this proxy showed another key than the one that is pinned. It "
            "was sent nothing.\n"
            "If its key was changed on purpose, the operator of this proxy needs its new link. "
            "If not, somebody else may be answering in its place.\n"
        };
    case DialFault::ParentCredentials:
        return {
            502, type, fault, "The parent proxy refuses this proxy's credentials",
            "The parent proxy of this proxy refuses the user name and password that this proxy "
            "has for it.\n"
            "The operator of this proxy can change them in PROXY_PARENTS. Your own are not "
            "concerned.\n"
        };
    case DialFault::ParentProtocol:
        return { 502, type, fault, "The parent proxy's answer makes no sense",
                 "The parent proxy of this proxy did not answer as a proxy does.\n" };
    case DialFault::ParentUnavailable:
        return { 502, type, fault, "The parent proxy cannot serve now",
                 "The parent proxy of this proxy says that it cannot serve now.\n" };
    case DialFault::ParentForbids:
        return { 403, type, fault, "The parent proxy does not serve that host",
                 "The parent proxy of this proxy does not serve that host.\n"
                 "Its operator can allow it there.\n" };
    case DialFault::ParentLoop:
        return { 508, type, fault, "The way through the parent proxies is a circle",
                 "The way through the parent proxies leads in a circle.\n"
                 "Their operators can check PROXY_PARENTS.\n" };
    case DialFault::DestinationFailed:
        return { 502, type, fault, "The parent proxy could not reach the host",
                 "The parent proxy of this proxy could not reach the host.\n" };
    case DialFault::NoParent:
        return { 502, type, fault, "No parent proxy answers",
                 "This proxy reaches hosts through parent proxies only, and none of them can be "
                 "used now. It goes nowhere without them.\n"
                 "Its operator finds in its log what each of them did.\n" };
    default:
        return {};
    }
}

} // namespace

ReplyText replyText(DialFault fault)
{
    const char *const type = net::toString(fault);
    switch (fault) {
    case DialFault::NameNotFound:
        return { 502, type, fault, "Name not found",
                 "There is no host of that name. Is it spelled right?\n" };
    case DialFault::DnsFailure:
        return { 502, type, fault, "Name server failed",
                 "The host's name could not be resolved.\n" };
    case DialFault::DnsTimeout:
        return { 504, type, fault, "No answer from the name server within %1",
                 "The name server did not answer in time.\n" };
    case DialFault::AddressRefused:
        return { 403, type, fault, "No address of the host is allowed",
                 "No address of that host is one that this proxy serves.\n" };
    case DialFault::ConnectionRefused:
        return { 502, type, fault, "The host refused the connection",
                 "The host refused the connection. Is the port right?\n" };
    case DialFault::Unreachable:
        return { 502, type, fault, "No route to the host", "There is no route to the host.\n" };
    case DialFault::ConnectTimeout:
        return { 504, type, fault, "No answer within %1",
                 "The host did not answer in time. The operator of this proxy can raise "
                 "PROXY_CONNECT_TIMEOUT_MS.\n" };
    case DialFault::ConnectionReset:
        return { 502, type, fault, "The host cut the connection",
                 "The host cut the connection.\n" };
    case DialFault::TlsCertificate:
        return { 502, type, fault, "The host's certificate is not trusted",
                 "The host's certificate is not trusted.\n" };
    case DialFault::TlsProtocol:
        return { 502, type, fault, "The TLS handshake with the host failed",
                 "The TLS handshake with the host failed.\n" };
    case DialFault::NoTlsLibrary:
        return { 502, type, fault, "The proxy has no TLS library",
                 "The machine of this proxy has no TLS library, which https:// needs outside "
                 "CONNECT.\n" };
    case DialFault::NoAuthorities:
        return { 502, type, fault, "The proxy has no list of trusted authorities",
                 "The machine of this proxy has no list of trusted authorities, which https:// "
                 "needs outside CONNECT. Its operator can install one (ca-certificates) or set "
                 "PROXY_UPSTREAM_CA_FILE.\n" };
    case DialFault::FamilyExcluded:
    case DialFault::SourceUnavailable:
    case DialFault::PinMismatch:
    case DialFault::ParentCredentials:
    case DialFault::ParentProtocol:
    case DialFault::ParentUnavailable:
    case DialFault::ParentForbids:
    case DialFault::ParentLoop:
    case DialFault::DestinationFailed:
    case DialFault::NoParent:
        return outgoingText(fault);
    case DialFault::OutOfResources:
        return { 503, type, fault, "The proxy is short of resources",
                 "The proxy is short of what this takes: descriptors, ports, memory or look-ups.\n"
                 "Try again in a moment.\n" };
    }
    return {};
}

} // namespace sami::server
