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

    /// Parses "192.0.2.7", "192.0.2.0/24", "2001:db8::/32". The error says what is wrong with the
    /// text in words for a person, without repeating it ("the prefix length must be 0 to 32").
    /// Octal, short or hexadecimal forms, zones and set host bits are errors; so is an IPv4-mapped
    /// form.
    [[nodiscard]] static Result<Cidr, QString> parse(QByteArrayView text);
    [[nodiscard]] static Cidr host(const QHostAddress &address);
    /// The range of that prefix length in which the address lies; empty when it has no such length.
    [[nodiscard]] static Cidr around(const QHostAddress &address, int prefixLength);

    /// Whether the address lies in the range. IPv4-mapped addresses count as IPv4.
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
