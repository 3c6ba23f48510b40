// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"

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
};

/// Names to addresses on threads of its own. QHostInfo shares 20 threads with the whole process
/// and waits for them at exit; here one silent name server holds up neither other names nor the
/// exit: one lookup per name however many wait for it, a cap per client, threads that are never
/// joined. Good answers are kept 60 s, failures 5 s.
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
    static constexpr int maxLookupsPerClient = 16;     ///< distinct names in flight or waiting
    static constexpr qsizetype maxWaitingNames = 1024; ///< beyond those being looked up
    static constexpr qsizetype maxCachedNames = 4096;
    static constexpr qsizetype maxAddresses = 32; ///< of one name; more are cut off
    static constexpr std::chrono::seconds goodLifetime { 60 };
    static constexpr std::chrono::seconds badLifetime { 5 };

    /// Blocks; called on the resolver's threads only.
    using LookupFunction = std::function<ResolveAnswer(const QByteArray &name)>;
    using Callback = std::function<void(const ResolveAnswer &)>;
    using Now = std::function<TimePoint()>;

    /// getaddrinfo.
    [[nodiscard]] static ResolveAnswer systemLookup(const QByteArray &name);

    /// `now` dates what is cached; thread-safe.
    explicit Resolver(LookupFunction lookup = &Resolver::systemLookup, Now now = &Clock::now);
    /// Lets waiters and threads go; joins nothing.
    ~Resolver();

    /// To be called in `context`'s thread. Answers by a queued call there, never from inside;
    /// never if the context is gone by then. `client` is whom the cap counts, an IPv6 client by
    /// its /64. The caller has its own deadline.
    void lookup(const QByteArray &name, const QHostAddress &client, QObject *context,
                Callback callback);
    /// Where descriptors are few: at most that many look-ups at once; maxThreads before. The others
    /// wait.
    void setThreadLimit(int threads);
    /// Forgets what is cached (settings were applied, the network changed).
    void clearCache();

private:
    struct State;
    std::shared_ptr<State> m_state;
};

} // namespace sami::net
