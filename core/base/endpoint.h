// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QHashFunctions>
#include <QHostAddress>

#include <optional>

namespace sami {

/// A host (a name or an address literal) and a port. A value.
///
/// `host` is kept as the client wrote it, without the brackets of an IPv6 literal; comparisons
/// ignore ASCII case.
struct Endpoint
{
    QByteArray host;
    quint16 port = 0;

    /// "host:port", with an IPv6 literal in brackets.
    [[nodiscard]] QByteArray toByteArray() const;
    /// The address if `host` is a literal (dotted quad or IPv6); nothing for a name.
    [[nodiscard]] std::optional<QHostAddress> literalAddress() const;

    friend bool operator==(const Endpoint &left, const Endpoint &right);
};

[[nodiscard]] size_t qHash(const Endpoint &endpoint, size_t seed = 0);

/// "192.0.2.7", "2001:db8::1": the same text as QHostAddress::toString().
[[nodiscard]] QByteArray addressText(const QHostAddress &address);

/// The IPv4 address of an IPv4-mapped IPv6 address; any other address unchanged.
[[nodiscard]] QHostAddress unmapped(const QHostAddress &address);

/// The key under which one client is counted: its IPv4 address, or the /64 of its IPv6 address,
/// because a host can use every address of its /64. Call unmapped() first: all IPv4-mapped
/// addresses are in one /64.
[[nodiscard]] QHostAddress clientNetwork(const QHostAddress &client);

/// An address and a port that can be connected to or was accepted from.
struct SocketAddress
{
    QHostAddress address;
    quint16 port = 0;

    [[nodiscard]] QByteArray toByteArray() const;
    friend bool operator==(const SocketAddress &, const SocketAddress &) = default;
};

} // namespace sami
