// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"
#include "policy/accessrules.h"
#include "policy/cidr.h"

#include <QByteArray>
#include <QList>

/// The parents: upstream proxies used instead of the direct way. Plain values, part of the
/// settings, made by the loader; any thread.
namespace sami::config {

/// The protocol to a parent.
enum class ParentKind {
    Direct, ///< no parent: dials the destination itself
    Http,   ///< CONNECT in clear text
    Https,  ///< CONNECT inside TLS
    Socks5, ///< SOCKS5 in clear text
};

[[nodiscard]] constexpr const char *toString(ParentKind kind)
{
    switch (kind) {
    case ParentKind::Direct:
        return "direct";
    case ParentKind::Http:
        return "http";
    case ParentKind::Https:
        return "https";
    case ParentKind::Socks5:
        return "socks5";
    }
    return "";
}

/// One entry of the list. A value.
struct Parent
{
    ParentKind kind = ParentKind::Direct;
    Endpoint endpoint; ///< host in lower case, without a trailing dot; empty for Direct
    QByteArray user;   ///< UTF-8 (RFC 7617); empty: no credentials are sent
    QByteArray password;
    /// SHA-256 of the SubjectPublicKeyInfo, 32 raw octets each, two at most; only for Https. If
    /// there are any, matching one replaces the check of the certificate's name, chain and dates.
    QList<QByteArray> pins;
    /// The name in the log and on pages: the given name, otherwise host:port, or "direct". UTF-8
    /// without control characters, unique within a list.
    QByteArray name;
    bool fromLink = false; ///< given as sami-proxy://, and printed like that

    [[nodiscard]] bool isDirect() const { return kind == ParentKind::Direct; }
    [[nodiscard]] bool usesTls() const
    {
        switch (kind) {
        case ParentKind::Https:
            return true;
        case ParentKind::Direct:
        case ParentKind::Http:
        case ParentKind::Socks5:
            break;
        }
        return false;
    }
    [[nodiscard]] bool hasCredentials() const { return !user.isEmpty(); }
    [[nodiscard]] static Parent direct();
    friend bool operator==(const Parent &, const Parent &) = default;
};

/// What goes direct regardless of the list.
struct ParentBypass
{
    QList<policy::HostEntry> hosts;
    QList<policy::Cidr> ranges; ///< for address-literal destinations; names are not resolved

    [[nodiscard]] bool isEmpty() const { return hosts.isEmpty() && ranges.isEmpty(); }
    [[nodiscard]] bool matches(const Endpoint &destination) const;
    friend bool operator==(const ParentBypass &, const ParentBypass &) = default;
};

struct ParentSettings
{
    /// In order of preference; Direct, if present, is last. Empty: everything goes direct. The
    /// loader replaces a list of only Direct by an empty one, which means the same.
    QList<Parent> list;
    ParentBypass bypass;
    friend bool operator==(const ParentSettings &, const ParentSettings &) = default;
};

} // namespace sami::config
