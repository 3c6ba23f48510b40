// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/resolver.h"

#include "base/endpoint.h"
#include "net/mailbox.h"

#include <QHash>
#include <QSet>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace sami::net {

namespace {

constexpr std::chrono::seconds threadIdleLifetime { 30 };

struct Waiter
{
    std::shared_ptr<Mailbox> mailbox;
    Resolver::Callback callback;

    void answer(const ResolveAnswer &answer) const
    {
        mailbox->post([callback = callback, answer] { callback(answer); });
    }
};

/// One name being looked up, or waiting for a thread.
struct Lookup
{
    std::vector<Waiter> waiters;
    QSet<QHostAddress> clients; ///< whose caps it counts in, until it is answered
    quint64 generation = 0;
};

struct CachedAnswer
{
    ResolveAnswer answer;
    TimePoint expires;
};

ResolveAnswer failure(QByteArray error)
{
    return { {}, true, std::move(error) };
}

QByteArray normalized(const QByteArray &name)
{
    QByteArray result = name.toLower();
    if (result.endsWith('.'))
        result.chop(1);
    return result;
}

} // namespace

/// Shared with the threads, so that it outlives the Resolver as long as one of them is stuck in a
/// lookup. Everything is guarded by the mutex; the lookups themselves run without it.
struct Resolver::State
{
    std::mutex mutex;
    std::condition_variable wakeUp;
    LookupFunction lookup;
    Now now;

    QHash<QByteArray, Lookup> lookups;
    std::deque<QByteArray> queue; ///< names of lookups that wait for a thread
    QHash<QHostAddress, int> namesPerClient;
    QHash<QByteArray, CachedAnswer> cache;
    quint64 generation = 0; ///< answers of an earlier one are not cached
    int threadLimit = maxThreads;
    int threads = 0;
    int idleThreads = 0;
    bool isStopped = false;

    static void run(const std::shared_ptr<State> &state);

    void enqueue(const std::shared_ptr<State> &self, const QByteArray &name,
                 const QHostAddress &client, Waiter waiter);
    void countClient(Lookup &entry, const QHostAddress &client);
    void finish(const QByteArray &name, ResolveAnswer answer);
    void remember(const QByteArray &name, const ResolveAnswer &answer);
    [[nodiscard]] Lookup takeLookup(const QByteArray &name);
    [[nodiscard]] bool startThread(const std::shared_ptr<State> &self);
};

Resolver::Resolver(LookupFunction lookup, Now now) : m_state(std::make_shared<State>())
{
    m_state->lookup = std::move(lookup);
    m_state->now = std::move(now);
}

Resolver::~Resolver()
{
    const std::lock_guard lock(m_state->mutex);
    m_state->isStopped = true;
    m_state->queue.clear();
    m_state->lookups.clear();
    m_state->wakeUp.notify_all();
}

void Resolver::lookup(const QByteArray &name, const QHostAddress &client, QObject *context,
                      Callback callback)
{
    Waiter waiter { Mailbox::open(context), std::move(callback) };
    const QByteArray key = normalized(name);
    if (key.isEmpty() || key.contains('\0')) {
        waiter.answer(failure("no such host"));
        return;
    }
    const std::lock_guard lock(m_state->mutex);
    const auto cached = m_state->cache.constFind(key);
    if (cached != m_state->cache.constEnd() && m_state->now() < cached->expires) {
        waiter.answer(cached->answer);
        return;
    }
    m_state->enqueue(m_state, key, clientNetwork(client), std::move(waiter));
}

void Resolver::setThreadLimit(int threads)
{
    const std::lock_guard lock(m_state->mutex);
    m_state->threadLimit = threads;
}

void Resolver::clearCache()
{
    const std::lock_guard lock(m_state->mutex);
    m_state->cache.clear();
    ++m_state->generation;
}

void Resolver::State::enqueue(const std::shared_ptr<State> &self, const QByteArray &name,
                              const QHostAddress &client, Waiter waiter)
{
    const auto running = lookups.find(name);
    const bool isCounted = running != lookups.end() && running->clients.contains(client);
    if (!isCounted && namesPerClient.value(client) >= maxLookupsPerClient) {
        waiter.answer(failure("too many lookups of this client are waiting"));
        return;
    }
    if (running != lookups.end()) {
        // Those who gave up go, so that asking for one silent name again and again holds nothing.
        std::erase_if(running->waiters,
                      [](const Waiter &other) { return !other.mailbox->isOpen(); });
        countClient(*running, client);
        running->waiters.push_back(std::move(waiter));
        return;
    }
    if (std::ssize(queue) >= maxWaitingNames) {
        waiter.answer(failure("too many lookups are waiting"));
        return;
    }
    const bool needsThread = idleThreads <= std::ssize(queue);
    if (needsThread && threads < threadLimit && !startThread(self) && threads == 0) {
        waiter.answer(failure("no thread for the lookup"));
        return;
    }
    Lookup entry;
    entry.generation = generation;
    countClient(entry, client);
    entry.waiters.push_back(std::move(waiter));
    lookups[name] = std::move(entry);
    queue.push_back(name);
    wakeUp.notify_one();
}

void Resolver::State::countClient(Lookup &entry, const QHostAddress &client)
{
    if (entry.clients.contains(client))
        return;
    entry.clients.insert(client);
    ++namesPerClient[client];
}

bool Resolver::State::startThread(const std::shared_ptr<State> &self)
{
    try {
        // Never joined: a thread may be stuck in getaddrinfo for as long as it likes.
        std::thread([self] { run(self); }).detach();
    } catch (const std::system_error &) {
        return false;
    }
    ++threads;
    return true;
}

Lookup Resolver::State::takeLookup(const QByteArray &name)
{
    Lookup entry = lookups.take(name);
    for (const QHostAddress &client : std::as_const(entry.clients)) {
        const auto count = namesPerClient.find(client);
        if (count != namesPerClient.end() && --*count <= 0)
            namesPerClient.erase(decltype(namesPerClient)::const_iterator(count));
    }
    return entry;
}

void Resolver::State::run(const std::shared_ptr<State> &state)
{
    std::unique_lock lock(state->mutex);
    while (!state->isStopped) {
        if (state->queue.empty()) {
            ++state->idleThreads;
            const bool isWoken = state->wakeUp.wait_for(lock, threadIdleLifetime, [&state] {
                return state->isStopped || !state->queue.empty();
            });
            --state->idleThreads;
            if (!isWoken)
                break;
            continue;
        }
        const QByteArray name = state->queue.front();
        state->queue.pop_front();
        const std::vector<Waiter> &waiters = state->lookups[name].waiters;
        const bool isWanted = std::any_of(waiters.begin(), waiters.end(), [](const Waiter &waiter) {
            return waiter.mailbox->isOpen();
        });
        if (!isWanted) {
            const Lookup abandoned = state->takeLookup(name);
            continue;
        }
        lock.unlock();
        ResolveAnswer answer = state->lookup(name);
        lock.lock();
        if (!state->isStopped)
            state->finish(name, std::move(answer));
    }
    --state->threads;
}

void Resolver::State::finish(const QByteArray &name, ResolveAnswer answer)
{
    if (answer.addresses.size() > maxAddresses)
        answer.addresses.resize(maxAddresses);
    const Lookup entry = takeLookup(name);
    if (entry.generation == generation)
        remember(name, answer);
    for (const Waiter &waiter : entry.waiters)
        waiter.answer(answer);
}

void Resolver::State::remember(const QByteArray &name, const ResolveAnswer &answer)
{
    const TimePoint time = now();
    if (cache.size() >= maxCachedNames) {
        cache.removeIf([time](const std::pair<const QByteArray &, CachedAnswer &> &entry) {
            return entry.second.expires <= time;
        });
        // All fresh: any one goes, which costs it a lookup.
        if (cache.size() >= maxCachedNames)
            cache.erase(cache.cbegin());
    }
    const std::chrono::seconds lifetime = answer.failed ? badLifetime : goodLifetime;
    cache.insert(name, { answer, time + lifetime });
}

} // namespace sami::net
