// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "policy/accessrules.h"
#include "policy/decision.h"

#include <QHash>
#include <QHostAddress>
#include <QList>
#include <QSet>

#include <chrono>
#include <list>
#include <optional>

namespace sami::policy {

/// Counts different wrong credentials per client address (per /64 for IPv6) and blocks an address
/// that tries too many. Repeating the same ones does not count: that is a client with outdated
/// credentials, not a guess. A block lasts twice the window, at most an hour. A success does not
/// clear the count, but it is remembered: credentials that have succeeded from the address still
/// pass while it is blocked. Credentials are told apart by fingerprints, digests under a key that
/// lives as long as the guard; 0 is none. A success has an owner, and keepSuccessesOf() forgets the
/// successes of the others. The table is bounded and evicts the address whose last wrong attempt or
/// success is oldest.
///
/// The window is fixed: it begins with the first wrong attempt, and the first attempt after its end
/// begins the next. A sliding window would have to store the time of each attempt.
///
/// Not thread-safe: the owner locks. Time is a parameter. More than twelve public methods: the
/// queries and commands of one table.
class BruteForceGuard
{
public:
    static constexpr qsizetype maxAddresses = 10'000;
    static constexpr std::chrono::hours maxBlock { 1 };
    /// Remembered successes per address, of 16 octets each: the users behind one NAT, so that one
    /// of them who guesses does not lock the others out. 10 MB if each address has that many, which
    /// takes as many right passwords.
    static constexpr qsizetype maxFingerprints = 64;
    /// Remembered guesses per address, or the limit if that is lower: 5 MB in all. With a higher
    /// limit, a forgotten guess counts again.
    static constexpr int maxGuesses = 64;

    explicit BruteForceGuard(const GuardLimits &limits = {});
    Q_DISABLE_COPY_MOVE(BruteForceGuard) // the index points into the list
    ~BruteForceGuard() = default;

    /// Counts and running blocks stay.
    void setLimits(const GuardLimits &limits);

    /// Whether the address is blocked now, and the time left.
    [[nodiscard]] Decision check(const QHostAddress &client, TimePoint now) const;
    /// Whether credentials with that fingerprint have succeeded from that address.
    [[nodiscard]] bool hasSucceeded(const QHostAddress &client, quint64 fingerprint) const;
    /// Whether any credentials have.
    [[nodiscard]] bool hasSucceeded(const QHostAddress &client) const;
    /// Whether any have, and no wrong attempt was counted in the current window.
    [[nodiscard]] bool isTrusted(const QHostAddress &client, TimePoint now) const;
    /// Whether that guess was already counted in the current window: it is wrong without a check.
    [[nodiscard]] bool knowsGuess(const QHostAddress &client, quint64 guess, TimePoint now) const;

    /// Counts one wrong attempt, unless that guess was already counted in this window. True if this
    /// attempt began a block. An attempt while blocked neither counts nor extends the block.
    bool recordFailure(const QHostAddress &client, quint64 guess, TimePoint now);
    /// If two owners share a fingerprint, the newer one has it.
    void recordSuccess(const QHostAddress &client, quint64 fingerprint, TimePoint now,
                       quint64 owner = 0);
    /// Forgets the successes of all other owners.
    void keepSuccessesOf(const QSet<quint64> &owners);

    /// Ends a block and clears the count; false if the address was not blocked any more.
    bool lift(const QHostAddress &client, TimePoint now);
    /// Ends all blocks and clears all counts. Returns the number of blocks ended. Successes stay.
    qsizetype liftAll(TimePoint now);

    struct Block
    {
        QHostAddress address; ///< for IPv6 the first address of the /64
        TimePoint until;
    };
    [[nodiscard]] QList<Block> blocks(TimePoint now) const;
    [[nodiscard]] qsizetype size() const;

private:
    /// An IPv4 address, or the first 64 bits of an IPv6 address: a client can use its whole /64.
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

    struct Success
    {
        quint64 fingerprint = 0;
        quint64 owner = 0;
    };

    struct Entry
    {
        Key key;
        int wrongAttempts = 0;
        TimePoint windowStart {};
        std::optional<TimePoint> blockedUntil;
        QList<Success> successes; ///< newest last
        QList<quint64> guesses;   ///< of this window; the newest replace the oldest

        [[nodiscard]] bool hasSucceeded(quint64 fingerprint) const;
        [[nodiscard]] bool isInWindow(TimePoint now, const GuardLimits &limits) const;
        void forgetGuesses();
    };

    using Entries = std::list<Entry>;

    [[nodiscard]] const Entry *find(const QHostAddress &client) const;
    Entry &touch(const QHostAddress &client);

    GuardLimits m_limits;
    Entries m_entries; ///< most recently seen first
    QHash<Key, Entries::iterator> m_index;
};

} // namespace sami::policy
