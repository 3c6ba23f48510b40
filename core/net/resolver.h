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
    QList<QHostAddress> addresses; ///< in getaddrinfo's order (RFC 6724), without duplicates
    bool failed = false;
    QByteArray error; ///< in words, when failed: "no such host", "the name server does not answer"
    /// It failed for want of a thread, a descriptor or memory of ours: says nothing about the name.
    bool isShortage = false;
    /// It is an earlier look-up's: the name may have moved since. See lookupAgain().
    bool isCached = false;
    /// It failed because there is no such name, or no address of it: its name server said so.
    bool isUnknownName = false;
    /// It failed because the name exists and has no address of the family that was asked for.
    bool lacksFamily = false;
};

/// Names to addresses on threads of its own. QHostInfo shares 20 threads with the whole process
/// and waits for them at exit; here one silent name server holds up neither other names nor the
/// exit: one lookup per name however many wait for it, threads that are never joined. Good answers
/// are kept 60 s, failures 5 s, shortages not at all. An answer with an address that a local
/// network hands out (a container's, a DHCP client's) is kept 5 s only: the next to have that
/// address answers there too, so that no failure tells.
///
/// A lookup cannot be stopped: one whose name server is silent holds its thread for as long as
/// resolv.conf says (10 s and more), also when nobody waits for it any more. So threads are shared
/// out. A thread is charged to the client that it was given to, until the lookup returns; "wanted"
/// is a lookup that somebody still waits for. A name that waits gets a thread when one of the
/// clients that wait for it may have one:
///
///     threads charged to the client     up to 47 of 64 busy    48 to 63 busy    64 busy
///     none                              yes                    yes              waits
///     1 to 7, fewer than 6 wanted       yes                    waits            waits
///     1 to 7, 6 or more wanted          waits                  waits            waits
///     8                                 waits                  waits            waits
///
/// So one client holds an eighth at most, its own hung-up lookups leave it two more, and the last
/// 16 threads are for strangers: clients that hold none. Whoever wants to keep strangers out needs
/// 22 addresses (six with eight threads each, 16 with one). Among the names that wait, the one
/// whose client holds the fewest threads is next, then the one that waits longest. There is no
/// share for each domain: whoever has 22 addresses has 22 domains too. With fewer threads
/// (setThreadLimit) each figure is as much smaller.
///
/// Refused at once, as a shortage: a name of a client that waits for 16 others already, and any
/// that finds 1024 waiting. A name that nobody waits for counts in neither.
///
/// Thread-safe.
class Resolver
{
    Q_DISABLE_COPY_MOVE(Resolver)

public:
    static constexpr int maxThreads = 64;
    /// What one look-up has open at a time: a socket for each name server it has asked so far, of
    /// which resolv.conf may name three, or a file.
    static constexpr int descriptorsPerLookup = 3;
    static constexpr int maxThreadsPerClient = 8;
    static constexpr int maxWantedThreadsPerClient = 6;
    static constexpr int threadsForStrangers = 16;
    static constexpr int maxNamesPerClient = 16;         ///< that it waits for, begun or not
    static constexpr std::size_t maxWaitingNames = 1024; ///< beyond those being looked up
    static constexpr qsizetype maxCachedNames = 4096;
    static constexpr qsizetype maxAddresses = 32; ///< of one name; more are cut off
    static constexpr std::chrono::seconds goodLifetime { 60 };
    static constexpr std::chrono::seconds localLifetime { 5 };
    static constexpr std::chrono::seconds badLifetime { 5 };
    /// lookupAgain() takes an answer so young for the present one. Whoever asks for a dead host a
    /// thousand times a second causes one look-up a second.
    static constexpr std::chrono::seconds presentAge { 1 };

    /// Blocks; called on the resolver's threads only. Where one family alone is asked for, NUL and
    /// "4" or "6" stand behind the name: such questions have waiters and answers of their own.
    using LookupFunction = std::function<ResolveAnswer(const QByteArray &name)>;
    using Callback = std::function<void(const ResolveAnswer &)>;
    using Now = std::function<TimePoint()>;

    /// getaddrinfo.
    [[nodiscard]] static ResolveAnswer systemLookup(const QByteArray &name);
    /// How long it is kept.
    [[nodiscard]] static std::chrono::seconds lifetimeOf(const ResolveAnswer &answer);

    /// `now` dates what is cached; thread-safe.
    explicit Resolver(LookupFunction lookup = &Resolver::systemLookup, Now now = &Clock::now);
    /// Lets waiters and threads go; joins nothing.
    ~Resolver();

    /// To be called in `context`'s thread. Answers by a queued call there, never from inside;
    /// never if the context is gone by then. `client` is whom threads are charged to, an IPv6
    /// client by its /64. The caller has its own deadline.
    void lookup(const QByteArray &name, const QHostAddress &client, QObject *context,
                Callback callback, ExitFamily family = ExitFamily::Any);
    /// The same for a dial that got nowhere with a cached answer: asks once more, together with all
    /// others who do, unless that was done less than presentAge ago. What is cached meanwhile stays
    /// until the new answer takes its place.
    void lookupAgain(const QByteArray &name, const QHostAddress &client, QObject *context,
                     Callback callback, ExitFamily family = ExitFamily::Any);
    /// Where descriptors are few: at most that many look-ups at once; maxThreads before. The others
    /// wait.
    void setThreadLimit(int threads);
    /// Whether the name still waits for a thread: whoever gives up now lacked a place, not an
    /// answer.
    [[nodiscard]] bool isWaitingForThread(const QByteArray &name,
                                          ExitFamily family = ExitFamily::Any) const;
    /// Forgets what is cached (settings were applied, the network changed).
    void clearCache();

private:
    struct State;

    void answerOrLookUp(const QByteArray &name, const QHostAddress &client, QObject *context,
                        Callback callback, ExitFamily family, std::chrono::seconds maxAge);

    std::shared_ptr<State> m_state;
};

} // namespace sami::net
