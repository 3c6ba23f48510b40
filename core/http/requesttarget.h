// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"
#include "base/result.h"

#include <QByteArray>
#include <QByteArrayView>

namespace sami::http {

enum class TargetForm { Origin, Absolute, Authority, Asterisk };
enum class Scheme { Http, Https };

[[nodiscard]] const char *toString(TargetForm form);
[[nodiscard]] constexpr const char *toString(Scheme scheme)
{
    return scheme == Scheme::Http ? "http" : "https";
}

enum class TargetFault {
    ConnectTakesHostAndPortOnly, ///< CONNECT with a scheme, a path, a user name
    ConnectNeedsPort,            ///< CONNECT with a host alone
    BareIpv6,                    ///< an IPv6 address without brackets: ambiguous port
    BadHost,                     ///< not dialled by base/hostname.h, or IPv6 without brackets
    BadPort,                     ///< empty after CONNECT's colon, 0, over 65535, not digits
    UnsupportedScheme,           ///< absolute-form other than http, https, ws, wss
    BadForm, ///< authority-form without CONNECT, "*" without OPTIONS, a fragment elsewhere, junk
};

[[nodiscard]] const char *toString(TargetFault fault);

/// A parsed request target (RFC 9112 §3.2). In absolute-form:
///
///   http, ws     Http, port 80      RFC 6455 §3: a WebSocket's URL is the URL of the request that
///   https, wss   Https, port 443    opens it; without Upgrade that request is an ordinary one
///
///   http://h/p?q#f       /p?q       the fragment is cut: it is never sent (RFC 9110 §4.2.5)
///   http://h#f, h?q#f    /, /?q     it also ends authority and query (RFC 3986 §3.2, §3.4)
///   http://h#@x          BadHost    Deviation: RFC 3986 says h, but some readers say x
///   /p#f, *#f            BadForm    no client has a reason to send it
struct RequestTarget
{
    TargetForm form = TargetForm::Origin;
    Scheme scheme = Scheme::Http; ///< of absolute-form; `http://host:443` is upgraded to Https
    /// Of absolute- and authority-form: the host from hostToDial(), without the root dot; the
    /// scheme's port if none is given.
    Endpoint endpoint;
    /// For the forwarded Host field. Of absolute-form: host[:port] as received, but without
    /// userinfo, an empty port's colon and a port's leading zeros.
    QByteArray authority;
    /// For the forwarded request line, octet for octet: path and query of absolute- and
    /// origin-form, "/" for an empty path, "*" for OPTIONS without path and query (§3.2.4).
    QByteArray originForm;
    /// originForm up to '?': the part that may be logged.
    [[nodiscard]] QByteArrayView path() const;
};

[[nodiscard]] Result<RequestTarget, TargetFault> parseRequestTarget(QByteArrayView method,
                                                                    QByteArrayView target);

/// Whether a Host field value is well-formed (RFC 9110 §7.2): uri-host [":" port], or empty. It is
/// not dialled, so a name that ends in a number is allowed.
[[nodiscard]] bool isValidHostField(QByteArrayView value);

} // namespace sami::http
