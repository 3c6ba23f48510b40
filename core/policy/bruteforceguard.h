// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "policy/accessrules.h"
#include "policy/decision.h"

#include <QByteArray>
#include <QHash>
#include <QHostAddress>
#include <QList>

#include <chrono>
#include <optional>

namespace sami::policy {

/// Counts wrong credentials per client address (per /64 for IPv6) and blocks an address that
/// tries too many. The block lasts twice the window, at most an hour. A success never clears the
/// count; it is remembered, so that while the address is blocked the credentials that succeeded
/// from it still pass. The table is bounded: the address not seen for longest goes first.
///
/// Not thread-safe: its owner locks. Time is a parameter.
class BruteForceGuard
{
public:
    static constexpr qsizetype maxAddresses = 10'000;
    static constexpr std::chrono::hours maxBlock { 1 };

    explicit BruteForceGuard(const GuardLimits &limits = {});

    /// New limits; counts and running blocks stay.
    void setLimits(const GuardLimits &limits);

    /// Whether the address is blocked now, and for how long still.
    [[nodiscard]] Decision check(const QHostAddress &client, TimePoint now) const;
    /// Whether credentials of that fingerprint succeeded from that address before.
    [[nodiscard]] bool hasSucceeded(const QHostAddress &client, const QByteArray &fingerprint) const;

    /// Counts one wrong attempt; true when this one began a block. An attempt while blocked
    /// neither counts nor prolongs it.
    bool recordFailure(const QHostAddress &client, TimePoint now);
    void recordSuccess(const QHostAddress &client, const QByteArray &fingerprint, TimePoint now);

    /// Ends a block and forgets the count; false when there was none.
    bool lift(const QHostAddress &client);

    struct Block
    {
        QHostAddress address; ///< for IPv6 the /64's first address
        TimePoint until;
    };
    [[nodiscard]] QList<Block> blocks(TimePoint now) const;
    [[nodiscard]] qsizetype size() const;

private:
    GuardLimits m_limits;
};

} // namespace sami::policy
