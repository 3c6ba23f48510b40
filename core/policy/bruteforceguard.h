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
#include <list>
#include <optional>

namespace sami::policy {

/// Counts different wrong credentials per client address (per /64 for IPv6) and blocks an address
/// that tries too many. The same ones again are a client that has not heard of a change, or two of
/// them: nothing was guessed. The block lasts twice the window, at most an hour. A success never
/// clears the count; it is remembered, so that while the address is blocked the credentials that
/// succeeded from it still pass. The table is bounded: the address not seen for longest goes first;
/// seen means a wrong attempt or a success.
///
/// The window is fixed: it begins with the first wrong attempt, and the first one after its end
/// begins another. A sliding one would have to keep the time of each attempt.
///
/// Not thread-safe: its owner locks. Time is a parameter.
class BruteForceGuard
{
public:
    static constexpr qsizetype maxAddresses = 10'000;
    static constexpr std::chrono::hours maxBlock { 1 };
    /// The credentials an address is remembered by: old and new ones after a change, and those of
    /// several users behind one address.
    static constexpr qsizetype maxFingerprints = 16;
    /// The guesses an address is remembered by, or the limit where that is less: 5 MB in all. Where
    /// the limit is higher, older ones count again.
    static constexpr int maxGuesses = 64;

    explicit BruteForceGuard(const GuardLimits &limits = {});
    Q_DISABLE_COPY_MOVE(BruteForceGuard) // the index points into the list
    ~BruteForceGuard() = default;

    /// New limits; counts and running blocks stay.
    void setLimits(const GuardLimits &limits);

    /// Whether the address is blocked now, and for how long still.
    [[nodiscard]] Decision check(const QHostAddress &client, TimePoint now) const;
    /// Whether credentials of that fingerprint succeeded from that address before.
    [[nodiscard]] bool hasSucceeded(const QHostAddress &client,
                                    const QByteArray &fingerprint) const;

    /// Whether any have.
    [[nodiscard]] bool hasSucceeded(const QHostAddress &client) const;
    /// Whether that guess was counted in the window that runs: it is wrong without a look.
    [[nodiscard]] bool knowsGuess(const QHostAddress &client, quint64 guess, TimePoint now) const;

    /// Counts one wrong attempt unless that guess was counted in this window; true when this one
    /// began a block. An attempt while blocked neither counts nor prolongs it.
    bool recordFailure(const QHostAddress &client, quint64 guess, TimePoint now);
    void recordSuccess(const QHostAddress &client, const QByteArray &fingerprint, TimePoint now);

    /// Ends a block and forgets the count; false when there was no block.
    bool lift(const QHostAddress &client);
    /// Ends all blocks and forgets all counts; how many blocks there were. Successes stay known.
    qsizetype liftAll(TimePoint now);

    struct Block
    {
        QHostAddress address; ///< for IPv6 the /64's first address
        TimePoint until;
    };
    [[nodiscard]] QList<Block> blocks(TimePoint now) const;
    [[nodiscard]] qsizetype size() const;

private:
    /// An IPv4 address, or the first 64 bits of an IPv6 address: a client has a whole /64.
    struct Key
    {
        quint64 bits = 0;
        bool isIpv6 = false;

        [[nodiscard]] static Key of(const QHostAddress &client);
        [[nodiscard]] QHostAddress address() const;
        friend bool operator==(const Key &, const Key &) = default;
        friend size_t qHash(const Key &key, size_t seed = 0)
        {
            return qHashMulti(seed, key.bits, key.isIpv6);
        }
    };

    struct Entry
    {
        Key key;
        int wrongAttempts = 0;
        TimePoint windowStart {};
        std::optional<TimePoint> blockedUntil;
        QList<QByteArray> fingerprints; ///< of successes, the newest last
        QList<quint64> guesses;         ///< of this window; the newest take the oldest's places

        void forgetGuesses();
    };

    using Entries = std::list<Entry>;

    [[nodiscard]] const Entry *find(const QHostAddress &client) const;
    Entry &touch(const QHostAddress &client);

    GuardLimits m_limits;
    Entries m_entries; ///< the most recently seen first
    QHash<Key, Entries::iterator> m_index;
};

} // namespace sami::policy
