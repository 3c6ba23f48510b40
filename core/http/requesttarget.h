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
    ConnectNeedsPort,            ///< CONNECT with less: a host alone
    BareIpv6,                    ///< an IPv6 address without brackets: where does the port begin?
    BadHost,           ///< not one that base/hostname.h dials, or IPv6 elsewhere than in brackets
    BadPort,           ///< empty after CONNECT's colon, 0, over 65535, not digits
    UnsupportedScheme, ///< absolute-form of none of http, https, ws, wss
    BadForm, ///< authority-form without CONNECT, "*" without OPTIONS, a fragment elsewhere, junk
};

[[nodiscard]] const char *toString(TargetFault fault);

/// A parsed request target (RFC 9112 §3.2). In absolute-form:
///
///   http, ws     Http, port 80      RFC 6455 §3: a WebSocket's URL is the URL of the request that
///   https, wss   Https, port 443    opens it; without Upgrade that request is one like any other
///
///   http://h/p?q#f       /p?q       the fragment is cut: it never travels (RFC 9110 §4.2.5)
///   http://h#f, h?q#f    /, /?q     it ends the authority and the query too (RFC 3986 §3.2, §3.4)
///   http://h#@x          BadHost    Deviation: RFC 3986 says h, but some readers say x
///   /p#f, *#f            BadForm    no client has a reason to write it
struct RequestTarget
{
    TargetForm form = TargetForm::Origin;
    Scheme scheme = Scheme::Http; ///< of absolute-form; `http://host:443` is upgraded to Https
    /// Of absolute- and authority-form: the host as hostToDial() has it, without the root's dot;
    /// the scheme's port where none is given.
    Endpoint endpoint;
    /// absolute-form: host[:port], userinfo, an empty port's colon and a port's leading zeros
    /// stripped, otherwise as received: what the forwarded Host field says.
    QByteArray authority;
    /// What goes into the forwarded request line, octet for octet: path and query of absolute-
    /// and origin-form, "/" for an empty path, "*" for OPTIONS without path and query (§3.2.4).
    QByteArray originForm;
    /// originForm up to '?': what a log may show.
    [[nodiscard]] QByteArrayView path() const;
};

[[nodiscard]] Result<RequestTarget, TargetFault> parseRequestTarget(QByteArrayView method,
                                                                    QByteArrayView target);

/// Whether a Host field value is well-formed (RFC 9110 §7.2): uri-host [":" port], or empty. Nobody
/// dials it, so a name that ends in a number may stand there.
[[nodiscard]] bool isValidHostField(QByteArrayView value);

} // namespace sami::http
