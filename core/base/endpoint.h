// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QHashFunctions>
#include <QHostAddress>

#include <optional>

namespace sami {

/// A host, as a name or an address literal, and a port. A value.
///
/// `host` is kept as the client wrote it, without the brackets of an IPv6 literal; comparisons
/// ignore ASCII case.
struct Endpoint
{
    QByteArray host;
    quint16 port = 0;

    /// "host:port", an IPv6 literal in brackets.
    [[nodiscard]] QByteArray toByteArray() const;
    /// The address when `host` is a literal (dotted quad or IPv6); nothing for a name.
    [[nodiscard]] std::optional<QHostAddress> literalAddress() const;

    friend bool operator==(const Endpoint &left, const Endpoint &right);
};

[[nodiscard]] size_t qHash(const Endpoint &endpoint, size_t seed = 0);

/// "192.0.2.7", "2001:db8::1": what QHostAddress::toString() says.
[[nodiscard]] QByteArray addressText(const QHostAddress &address);

/// An IPv4-mapped IPv6 address becomes the IPv4 address it stands for; others come back unchanged.
[[nodiscard]] QHostAddress unmapped(const QHostAddress &address);

/// What stands for one client where clients are counted: an IPv4 address, or the /64 of an IPv6
/// address, of which whoever has one has all.
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
