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

/// The address of a proxy as people write it, taken apart: what links and the other entries of the
/// list of parents have in common. Pure functions on octets, for every thread.
namespace sami::config {

/// One key=value of the query, the value decoded. Keys have lower-case letters alone.
struct ProxyUrlField
{
    QByteArray key;
    QByteArray value;
};

/// scheme://[user[:password]@]host:port[/][?key=value[&key=value…]], the shape of RFC 3986 §3.
struct ProxyUrl
{
    QByteArray scheme;                  ///< lower case
    QByteArray user;                    ///< decoded UTF-8, no colon; empty: none was written
    std::optional<QByteArray> password; ///< decoded UTF-8; nothing where no colon was written
    Endpoint endpoint;                  ///< the host as hostToDial() has it, in lower case
    QList<ProxyUrlField> query;         ///< in their order
};

inline constexpr qsizetype maxProxyUrlSize = 4096;
inline constexpr qsizetype maxUserSize = 255; ///< RFC 1929 has no room for more
inline constexpr qsizetype maxPasswordSize = 1024;

/// Strict: what two readers could take for two things is an error. The error says what is wrong and
/// what to do, and never repeats anything of the text that may be a password.
///
///     user:p%40ss%3a@h:1        user, "p@ss:"       octets outside RFC 3986 are percent-encoded
///     user@h:1, user:@h:1       no password, an empty one
///     u:a@b@h:1, u:a/b@h:1      error               @ / ? # of a password are percent-encoded
///     [2001:DB8::1]:1           2001:db8::1
///     h, h:0, h:01, h:65536     error               the port is written; proxies have no usual one
///     127.1:1, [fe80::1%25x]:1  error               an address in disguise; a zone
///     h:1/, h:1/x               the same, error     no path
///     ?a=1&a=2                  both                which keys there may be is the caller's
[[nodiscard]] Result<ProxyUrl, QString> parseProxyUrl(QByteArrayView text);

/// Everything but RFC 3986's unreserved octets as %XX.
[[nodiscard]] QByteArray percentEncoded(const QByteArray &octets);
/// Nothing where a % is followed by anything but two hexadecimal digits.
[[nodiscard]] std::optional<QByteArray> percentDecoded(QByteArrayView text);

} // namespace sami::config
