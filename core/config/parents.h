// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"
#include "policy/accessrules.h"
#include "policy/cidr.h"

#include <QByteArray>
#include <QList>

/// The parents: the proxies that lead out in place of the direct way, as plain values without I/O.
/// Part of the settings, made by the loader and read from every thread.
namespace sami::config {

/// What is spoken with a parent.
enum class ParentKind {
    Direct, ///< no parent: the destination itself is dialled
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
    Endpoint endpoint; ///< host in lower case, without a dot at its end; empty for Direct
    QByteArray user;   ///< octets of UTF-8 (RFC 7617); empty: the parent is told no credentials
    QByteArray password;
    /// SHA-256 of the SubjectPublicKeyInfo, 32 raw octets each, two at most; of Https alone. Where
    /// there are any, one of them stands for the certificate's name, chain and dates.
    QList<QByteArray> pins;
    /// What log and pages call it: the name that it was given, else host:port, "direct" for Direct.
    /// UTF-8 without control characters, different for each entry of a list.
    QByteArray name;
    bool fromLink = false; ///< it came as sami-proxy://, and is printed so

    [[nodiscard]] bool isDirect() const { return kind == ParentKind::Direct; }
    [[nodiscard]] bool usesTls() const { return kind == ParentKind::Https; }
    [[nodiscard]] bool hasCredentials() const { return !user.isEmpty(); }
    [[nodiscard]] static Parent direct();
    friend bool operator==(const Parent &, const Parent &) = default;
};

/// What goes direct whatever the list says.
struct ParentBypass
{
    QList<policy::HostEntry> hosts;
    QList<policy::Cidr> ranges; ///< of destinations that are address literals; no name is resolved

    [[nodiscard]] bool isEmpty() const { return hosts.isEmpty() && ranges.isEmpty(); }
    [[nodiscard]] bool matches(const Endpoint &destination) const;
    friend bool operator==(const ParentBypass &, const ParentBypass &) = default;
};

struct ParentSettings
{
    /// In the order of preference; Direct, if it is there, comes last. Empty: everything goes
    /// direct. A list of Direct alone means the same, and the loader makes it empty.
    QList<Parent> list;
    ParentBypass bypass;
    friend bool operator==(const ParentSettings &, const ParentSettings &) = default;
};

} // namespace sami::config
