// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "policy/addressbits.h"
#include "policy/cidr.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QList>
#include <QString>

namespace sami::policy {

/// One PROXY_PROXY_PROTOCOL_FROM entry: a range of addresses that balancers connect from. A peer in
/// it can claim any client's address, so a range that covers everybody, or this machine's loopback,
/// is an error. A value.
struct BalancerEntry
{
    Cidr range;

    /// Like Cidr::parse(); the error does not repeat the text.
    [[nodiscard]] static Result<BalancerEntry, QString> parse(QByteArrayView text);
    [[nodiscard]] QByteArray toByteArray() const { return range.toByteArray(); }
    friend bool operator==(const BalancerEntry &, const BalancerEntry &) = default;
};

/// Decides which peers' PROXY protocol header is trusted and required. Immutable; a lookup does
/// not allocate.
class Balancers
{
public:
    Balancers() = default;
    explicit Balancers(const QList<BalancerEntry> &entries);

    /// `peer` is the connection's source address. IPv4-mapped addresses count as IPv4.
    [[nodiscard]] bool contains(const QHostAddress &peer) const;

private:
    QList<AddressBlock> m_blocks;
};

} // namespace sami::policy
