// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "users/roster.h"

#include <QByteArray>
#include <QHash>
#include <QtGlobal>

#include <cstddef>
#include <functional>
#include <list>
#include <optional>
#include <vector>

namespace sami::users {

/// A name and a password that need a slow hash to check.
struct PasswordCheck
{
    RosterPtr roster;
    policy::Credentials pair;
    QByteArray digest;    ///< Roster::digestOf() of the pair
    quint64 client = 0;   ///< policy::clientKey() of the client that is charged
    bool isKnown = false; ///< somebody has signed in from there, and nobody guesses there now
};

/// Decides which password is checked next, and whether there is room for another. Pure: it hashes
/// nothing and starts nothing. Owned by PasswordChecks, which locks.
///
///     an incoming check                                      becomes
///     all waiters, or the client's, are too many (below)     refused
///     its pair is queued or being checked already            one more waiter for that verdict
///     maxChecks wait                                         refused
///     a stranger's, and maxOfStrangers of them wait          refused
///     a stranger's, and maxPerStranger of the client wait    refused
///     a known client's, and maxPerKnown of it wait           refused
///     otherwise                                              the last in the queue
///
/// The next check is the oldest of a known client, then the oldest of a stranger, in turn while
/// both wait. A client has at most one check running. So a thousand strange addresses leave half
/// the turns and a quarter of the places to clients that have signed in before, and those leave as
/// many turns to strangers. A stranger is a client (an address, or a /64) that is not
/// PasswordCheck::isKnown.
///
/// Cancelling frees the place. A check without waiters is dropped unless it is running. The verdict
/// of a running check reaches each client, even one that has left: a wrong guess must still count
/// against it.
class CheckQueue
{
    Q_DISABLE_COPY_MOVE(CheckQueue)

public:
    static constexpr std::size_t maxChecks = 256;
    static constexpr std::size_t maxOfStrangers = 192;
    static constexpr std::size_t maxPerKnown = 64;
    static constexpr std::size_t maxPerStranger = 8;
    /// All waiters together: many requests of one client share a check.
    static constexpr std::size_t maxWaiters = 4096;
    static constexpr std::size_t maxWaitersOfStrangers = 3072;
    static constexpr std::size_t maxWaitersPerKnown = 1024;
    /// Filling the strangers' waiters takes as many addresses as filling their checks.
    static constexpr std::size_t maxWaitersPerStranger = 128;

    /// The user, or null for a wrong password.
    using Answer = std::function<void(const UserPtr &user)>;
    /// Identifies one waiter.
    struct Ticket
    {
        quint64 check = 0;
        quint64 waiter = 0;
    };
    struct Turn
    {
        quint64 check = 0;
        RosterPtr roster;
        policy::Credentials pair;
    };

    CheckQueue();
    ~CheckQueue();

    /// Nothing if there is no room.
    [[nodiscard]] std::optional<Ticket> add(PasswordCheck check, Answer answer);
    /// The waiter is gone. No effect once the verdict is there.
    void cancel(const Ticket &ticket);
    /// Whether no check waits to be started.
    [[nodiscard]] bool isIdle() const;
    /// Starts the next check; nothing if none may start now. Requires a finish() later.
    [[nodiscard]] std::optional<Turn> next();
    /// Ends the check. Returns the answers to call with the verdict: those of the waiters, and one
    /// for each client whose waiters have all left.
    [[nodiscard]] std::vector<Answer> finish(quint64 check);

    [[nodiscard]] std::size_t checks() const { return m_entries.size(); }
    [[nodiscard]] std::size_t waiters() const { return m_waiters; }

private:
    struct Waiter
    {
        quint64 id;
        Answer answer;
        quint64 client;
        bool isKnown;
        bool hasLeft = false; ///< while its check was running; takes no place
    };
    struct Entry
    {
        quint64 id;
        PasswordCheck check;
        std::vector<Waiter> waiters;
        bool isRunning = false;
    };
    using Entries = std::list<Entry>;

    [[nodiscard]] bool hasRoomFor(const PasswordCheck &check) const;
    [[nodiscard]] bool hasRoomForWaiterOf(const PasswordCheck &check) const;
    [[nodiscard]] bool isBusy(quint64 client) const;
    [[nodiscard]] Entries::iterator find(quint64 check);
    [[nodiscard]] Ticket join(Entry &entry, Waiter waiter);
    void freePlaceOf(const Waiter &waiter);

    Entries m_entries; ///< oldest first, running ones included
    std::size_t m_waiters = 0;
    std::size_t m_strangersWaiters = 0;
    QHash<quint64, std::size_t> m_waitersOf; ///< by client
    bool m_wasKnownsTurn = false;
    quint64 m_lastId = 0;
};

} // namespace sami::users
