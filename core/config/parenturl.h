// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "config/parents.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

/// One entry of the list of parents, from its text and back. Pure functions, for every thread.
///
///     direct                                                      Direct
///     http://[USER:PASSWORD@]HOST:PORT[?name=TEXT]                Http
///     https://[USER:PASSWORD@]HOST:PORT[?pin=…[&pin=…]][&name=…]  Https
///     socks5://…, socks5h://… as http                             Socks5
///     sami-proxy://… as https                                     Https
///     sami-proxy://…?tls=0                                        Http
///
/// A pin is the SHA-256 of the SubjectPublicKeyInfo, 32 octets in base64url without padding; what
/// --pin prints ("sha256//…=") is taken too. Names never travel to a SOCKS5 parent as addresses:
/// socks5 and socks5h are one.
namespace sami::config {

inline constexpr qsizetype maxPins = 2;
inline constexpr qsizetype pinSize = 32;       ///< octets
inline constexpr qsizetype maxParentName = 64; ///< octets

/// An entry as it was written.
struct ParentEntry
{
    Parent parent;
    /// A user name stands there alone: the password has to come from elsewhere. Never of a link.
    bool lacksPassword = false;
};

/// As parseProxyUrl(): strict, and the error repeats no secret.
[[nodiscard]] Result<ParentEntry, QString> parseParent(QByteArrayView text);

/// What parseParent() reads as the same parent, once it has its password. Has that in it.
[[nodiscard]] QByteArray parentText(const Parent &parent);
/// The same, for people to see: "***" in the place of user name and password.
[[nodiscard]] QByteArray maskedParentText(const Parent &parent);

/// What keeps a text from being a parent's name; empty when it may be one.
[[nodiscard]] QString parentNameProblem(const QString &name);

/// A pin as "sha256//…" or in base64url, as its 32 octets; empty when it is none.
[[nodiscard]] QByteArray pinOctets(const QByteArray &text);

} // namespace sami::config
