// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "base/exitroute.h"

#include <QByteArray>
#include <QHostAddress>
#include <QList>
#include <QObject>

#include <chrono>
#include <functional>
#include <memory>

namespace sami::net {

struct ResolveAnswer
{
    QList<QHostAddress> addresses; ///< in getaddrinfo()'s order (RFC 6724), without duplicates
    bool failed = false;
    QByteArray error; ///< wording of a failure: "no such host", "the name server does not answer"
    /// It failed for lack of a thread, a descriptor or memory, which says nothing about the name.
    bool isShortage = false;
    /// From an earlier lookup: the addresses may have changed since. See lookupAgain().
    bool isCached = false;
    /// It failed because the name server says that the name does not exist, or has no address.
    bool isUnknownName = false;
    /// It failed because the name exists but has no address of the requested family.
    bool lacksFamily = false;
};

/// Resolves names on its own threads, because QHostInfo shares 20 threads with the whole process
/// and waits for them at exit. Here one silent name server delays neither other names nor the exit:
/// all waiters for a name share one lookup, and threads are never joined. Good answers are cached
/// for 60 s, failures for 5 s, shortages not at all. An answer with an address that a local network
/// assigns (a container's, a DHCP client's) is cached for only 5 s: the next host with that address
/// would answer too, so no failure would reveal the change.
///
/// A lookup cannot be cancelled: with a silent name server it holds its thread for as long as
/// resolv.conf says (10 s and more), even when nobody waits any more. So threads are rationed. A
/// thread is charged to the client it was given to until the lookup returns; "wanted" means that
/// somebody still waits for the lookup. A queued name gets a thread if one of its waiting clients
/// may have one:
///
///     threads charged to the client     up to 47 of 64 busy    48 to 63 busy    64 busy
///     none                              yes                    yes              waits
///     1 to 7, fewer than 6 wanted       yes                    waits            waits
///     1 to 7, 6 or more wanted          waits                  waits            waits
///     8                                 waits                  waits            waits
///
/// So one client holds at most an eighth, its own hung lookups leave it two more, and the last 16
/// threads are for strangers: clients that hold none. Blocking all strangers takes 22 addresses
/// (six with eight threads each, 16 with one). The next queued name is the one whose client holds
/// the fewest threads, then the oldest. There is no share per domain: an attacker with 22 addresses
/// has 22 domains too. With fewer threads (setThreadLimit) the figures shrink in proportion.
///
/// Refused at once, as a shortage: a name of a client that already waits for 16 others, and any
/// name when 1024 wait. Names that nobody waits for do not count.
///
/// Thread-safe.
class Resolver
{
    Q_DISABLE_COPY_MOVE(Resolver)

public:
    static constexpr int maxThreads = 64;
    /// Most that are open at a time in one lookup: a socket for each name server asked so far
    /// (resolv.conf may name three), or a file.
    static constexpr int descriptorsPerLookup = 3;
    static constexpr int maxThreadsPerClient = 8;
    static constexpr int maxWantedThreadsPerClient = 6;
    static constexpr int threadsForStrangers = 16;
    static constexpr int maxNamesPerClient = 16;         ///< that it waits for, started or not
    static constexpr std::size_t maxWaitingNames = 1024; ///< besides those being looked up
    static constexpr qsizetype maxCachedNames = 4096;
    static constexpr qsizetype maxAddresses = 32; ///< of one name; the rest is dropped
    static constexpr std::chrono::seconds goodLifetime { 60 };
    static constexpr std::chrono::seconds localLifetime { 5 };
    static constexpr std::chrono::seconds badLifetime { 5 };
    /// lookupAgain() accepts an answer this young as current. A client that asks for a dead host a
    /// thousand times a second causes one lookup a second.
    static constexpr std::chrono::seconds presentAge { 1 };

    /// Blocks; called only on the resolver's threads. The question is a name, for a single family
    /// followed by NUL and "4" or "6". Each question has its own waiters and its own cached answer.
    using LookupFunction = std::function<ResolveAnswer(const QByteArray &question)>;
    using Callback = std::function<void(const ResolveAnswer &)>;
    using Now = std::function<TimePoint()>;

    /// Calls getaddrinfo().
    [[nodiscard]] static ResolveAnswer systemLookup(const QByteArray &question);
    /// How long the answer is cached.
    [[nodiscard]] static std::chrono::seconds lifetimeOf(const ResolveAnswer &answer);

    /// `now` dates cached answers; thread-safe.
    explicit Resolver(LookupFunction lookup = &Resolver::systemLookup, Now now = &Clock::now);
    /// Abandons waiters and threads; joins nothing.
    ~Resolver();

    /// Call in `context`'s thread. Answers by a queued call there, never from inside, and not at
    /// all if the context is gone. Threads are charged to `client`, for IPv6 to its /64. The caller
    /// has its own deadline.
    void lookup(const QByteArray &name, const QHostAddress &client, QObject *context,
                Callback callback, ExitFamily family = ExitFamily::Any);
    /// The same for a dial that failed with a cached answer: looks the name up again, once for all
    /// who ask, unless that happened less than presentAge ago. The cached answer stays until the
    /// new one replaces it.
    void lookupAgain(const QByteArray &name, const QHostAddress &client, QObject *context,
                     Callback callback, ExitFamily family = ExitFamily::Any);
    /// Limits concurrent lookups where descriptors are few; the others wait. A higher limit takes
    /// effect at once for those that wait. A lower one stops no lookup. The default is maxThreads.
    void setThreadLimit(int threads);
    /// Whether the name still waits for a thread: a caller that gives up now lacked a thread, not
    /// an answer.
    [[nodiscard]] bool isWaitingForThread(const QByteArray &name,
                                          ExitFamily family = ExitFamily::Any) const;
    /// Clears the cache (new settings, or a changed network). Lookups under way that somebody waits
    /// for are started again: the network that the old ones ask may be gone.
    void clearCache();

private:
    struct State;

    void answerOrLookUp(const QByteArray &name, const QHostAddress &client, QObject *context,
                        Callback callback, ExitFamily family, std::chrono::seconds maxAge);

    std::shared_ptr<State> m_state;
};

} // namespace sami::net
