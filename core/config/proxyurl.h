// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"
#include "base/result.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QList>
#include <QString>

#include <optional>

/// A proxy's address as people write it, parsed: the common part of links and other entries of the
/// list of parents. Pure functions on octets; any thread.
namespace sami::config {

/// One key=value of the query, with the value decoded. Keys are lower-case letters.
struct ProxyUrlField
{
    QByteArray key;
    QByteArray value;
};

/// scheme://[user[:password]@]host:port[/][?key=value[&key=value…]], the shape of RFC 3986 §3.
struct ProxyUrl
{
    QByteArray scheme;                  ///< lower case
    QByteArray user;                    ///< decoded UTF-8, no colon; empty if not given
    std::optional<QByteArray> password; ///< decoded UTF-8; nothing without a colon
    Endpoint endpoint;                  ///< the host from hostToDial(), in lower case
    QList<ProxyUrlField> query;         ///< in order
};

inline constexpr qsizetype maxProxyUrlSize = 4096;
inline constexpr qsizetype maxUserSize = 255; ///< RFC 1929's limit
inline constexpr qsizetype maxPasswordSize = 1024;

/// Strict: what two readers could read differently is an error. The error says what is wrong and
/// what to do. It never repeats text that may be a password.
///
///     user:p%40ss%3a@h:1        user, "p@ss:"       octets outside RFC 3986 are percent-encoded
///     user@h:1, user:@h:1       no password, an empty one
///     u:a@b@h:1, u:a/b@h:1      error               @ / ? # in a password are percent-encoded
///     [2001:DB8::1]:1           2001:db8::1
///     h, h:0, h:01, h:65536     error               a port is required: there is no usual one
///     127.1:1, [fe80::1%25x]:1  error               a disguised address; a zone
///     h:1/, h:1/x               the same, error     no path
///     ?a=1&a=2                  both                the caller checks the keys
[[nodiscard]] Result<ProxyUrl, QString> parseProxyUrl(QByteArrayView text);

/// Encodes everything but RFC 3986's unreserved octets as %XX.
[[nodiscard]] QByteArray percentEncoded(const QByteArray &octets);
/// Nothing if a % is not followed by two hexadecimal digits.
[[nodiscard]] std::optional<QByteArray> percentDecoded(QByteArrayView text);

} // namespace sami::config
