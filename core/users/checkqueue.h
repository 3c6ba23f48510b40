// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "users/roster.h"

#include <QByteArray>
#include <QtGlobal>

#include <cstddef>
#include <functional>
#include <list>
#include <optional>
#include <vector>

namespace sami::users {

/// A name and a password that only a slow hash can judge.
struct PasswordCheck
{
    RosterPtr roster;
    policy::Credentials pair;
    QByteArray digest;    ///< Roster::digestOf() of the pair
    quint64 client = 0;   ///< policy::clientKey() of whoever is charged
    bool isKnown = false; ///< somebody has signed in from there before
};

/// Which password is checked next, and for whom there is no room; pure: it hashes nothing and
/// starts nothing. Belongs to PasswordChecks, who locks.
///
///     a check that comes                                     becomes
///     its pair waits or is being checked already             one more who waits for that verdict
///     maxChecks wait                                         refused
///     a stranger's, and maxOfStrangers of them wait          refused
///     a stranger's, and maxPerStranger of the client wait    refused
///     a known client's, and maxPerKnown of it wait           refused
///     otherwise                                              the last in the queue
///
/// Next is the one that waits longest among those of known clients, then among those of strangers;
/// a client of whom one is being checked has to wait. So whoever guesses from a thousand addresses
/// takes neither the turns nor the places of those who have signed in before. A stranger is a
/// client (an address, or a /64) from which nobody has signed in yet.
///
/// Whoever leaves gives up its place; a check for which nobody waits is dropped unless it has
/// begun.
class CheckQueue
{
    Q_DISABLE_COPY_MOVE(CheckQueue)

public:
    static constexpr std::size_t maxChecks = 256;
    static constexpr std::size_t maxOfStrangers = 192;
    static constexpr std::size_t maxPerKnown = 64;
    static constexpr std::size_t maxPerStranger = 8;
    /// Those who wait for a verdict, together: many requests of one client share a check.
    static constexpr std::size_t maxWaiters = 4096;

    /// The user, or null: wrong.
    using Answer = std::function<void(const UserPtr &user)>;
    /// One who waits.
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

    /// Nothing: there is no room.
    [[nodiscard]] std::optional<Ticket> add(PasswordCheck check, Answer answer);
    /// Does nothing when the verdict has come.
    void cancel(const Ticket &ticket);
    /// Whether nobody waits for a check that has not begun.
    [[nodiscard]] bool isIdle() const;
    /// The next to be checked; nothing when nobody may be. finish() has to follow.
    [[nodiscard]] std::optional<Turn> next();
    /// Who waits for that verdict.
    [[nodiscard]] std::vector<Answer> finish(quint64 check);

    [[nodiscard]] std::size_t checks() const { return m_entries.size(); }
    [[nodiscard]] std::size_t waiters() const { return m_waiters; }

private:
    struct Waiter
    {
        quint64 id;
        Answer answer;
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
    [[nodiscard]] bool isBusy(quint64 client) const;
    [[nodiscard]] Entries::iterator find(quint64 check);
    [[nodiscard]] Ticket join(Entry &entry, Answer answer);

    Entries m_entries; ///< in the order in which they came, those that are being checked too
    std::size_t m_waiters = 0;
    quint64 m_lastId = 0;
};

} // namespace sami::users
