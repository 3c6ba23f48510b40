// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "config/parents.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

/// Parses and prints one entry of the list of parents. Pure functions; any thread.
///
///     direct                                                      Direct
///     http://[USER:PASSWORD@]HOST:PORT[?name=TEXT]                Http
///     https://[USER:PASSWORD@]HOST:PORT[?pin=…[&pin=…]][&name=…]  Https
///     socks5://…, socks5h://… like http                           Socks5
///     sami-proxy://… like https                                   Https
///     sami-proxy://…?tls=0                                        Http
///
/// A pin is the SHA-256 of the SubjectPublicKeyInfo: 32 octets in base64url without padding, or the
/// form that --pin prints ("sha256//…="). socks5 and socks5h mean the same, because a SOCKS5 parent
/// always gets names unresolved.
namespace sami::config {

inline constexpr qsizetype maxPins = 2;
inline constexpr qsizetype pinSize = 32;       ///< octets
inline constexpr qsizetype maxParentName = 64; ///< octets

/// An entry as written.
struct ParentEntry
{
    Parent parent;
    /// It has a user name only: the password must come from elsewhere. Never true for a link.
    bool lacksPassword = false;
};

/// Strict like parseProxyUrl(); the error repeats no secret.
[[nodiscard]] Result<ParentEntry, QString> parseParent(QByteArrayView text);

/// The text from which parseParent() makes the same parent. Includes the password.
[[nodiscard]] QByteArray parentText(const Parent &parent);
/// The same for display: "***" instead of user name and password.
[[nodiscard]] QByteArray maskedParentText(const Parent &parent);

/// Why a text cannot be a parent's name; empty if it can.
[[nodiscard]] QString parentNameProblem(const QString &name);

/// The 32 octets of a pin given as "sha256//…" or in base64url; empty if it is invalid.
[[nodiscard]] QByteArray pinOctets(const QByteArray &text);

} // namespace sami::config
