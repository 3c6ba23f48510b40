// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QHostAddress>
#include <QString>

namespace sami::policy {

/// An address range: an address and a prefix length, IPv4 or IPv6. A value.
class Cidr
{
public:
    Cidr() = default;

    /// Parses "192.0.2.7", "192.0.2.0/24", "2001:db8::/32". The error is worded for people and does
    /// not repeat the text ("the prefix length must be 0 to 32"). Errors: octal, short and
    /// hexadecimal forms, zones, set host bits, IPv4-mapped addresses.
    [[nodiscard]] static Result<Cidr, QString> parse(QByteArrayView text);
    [[nodiscard]] static Cidr host(const QHostAddress &address);
    /// The range of that prefix length around the address; empty if the length is invalid for it.
    [[nodiscard]] static Cidr around(const QHostAddress &address, int prefixLength);

    /// Whether the address is in the range. IPv4-mapped addresses count as IPv4.
    [[nodiscard]] bool contains(const QHostAddress &address) const;
    [[nodiscard]] const QHostAddress &network() const { return m_network; }
    [[nodiscard]] int prefixLength() const { return m_prefixLength; }
    /// "192.0.2.0/24"; without the length for a single address.
    [[nodiscard]] QByteArray toByteArray() const;

    friend bool operator==(const Cidr &, const Cidr &) = default;

private:
    QHostAddress m_network;
    int m_prefixLength = 0;
};

} // namespace sami::policy
