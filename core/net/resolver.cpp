// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/resolver.h"

#include "base/endpoint.h"
#include "net/answercache.h"
#include "net/mailbox.h"

#include <QHash>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

namespace sami::net {

namespace {

constexpr std::chrono::seconds threadIdleLifetime { 30 };
/// Delay between an abandoned lookup and the next check of its client's share. A client that
/// disconnects abandons its names one by one, and the next of them must not take the freed place.
constexpr std::chrono::milliseconds settlingTime { 50 };

struct Waiter
{
    QHostAddress client;
    std::shared_ptr<Mailbox> mailbox;
    Resolver::Callback callback;

    void answer(const ResolveAnswer &answer) const
    {
        mailbox->post([callback = callback, answer] { callback(answer); });
    }
};

/// One name that is waited for, or that a thread is looking up.
struct Lookup
{
    QHash<quint64, Waiter> waiters;      ///< by number; abandoned ones are removed
    QHash<QHostAddress, int> clients;    ///< of the waiters; how many waiters each has
    std::optional<QHostAddress> charged; ///< nothing: it waits for a thread
    quint64 turn = 0;                    ///< its key in the queue; no other lookup has it
    bool isUnderWay = false;             ///< a thread is looking it up

    [[nodiscard]] bool isWanted() const { return !waiters.isEmpty(); }
};

/// What one client uses.
struct Share
{
    int names = 0;         ///< names that it waits for
    int threads = 0;       ///< charged to it
    int wantedThreads = 0; ///< of those, with a lookup that is still wanted
};

ResolveAnswer failure(QByteArray error)
{
    return { {}, true, std::move(error) };
}

ResolveAnswer shortage(QByteArray error)
{
    return { {}, true, std::move(error), true };
}

QByteArray normalized(const QByteArray &name)
{
    QByteArray result = name.toLower();
    if (result.endsWith('.'))
        result.chop(1);
    return result;
}

/// The lookup function's argument, and the key of its answer.
QByteArray questionOf(const QByteArray &name, ExitFamily family)
{
    QByteArray question = normalized(name);
    if (family != ExitFamily::Any)
        question.append('\0').append(family == ExitFamily::IPv4 ? '4' : '6');
    return question;
}

} // namespace

/// Shared with the threads, so it outlives the Resolver while one is stuck in a lookup. The mutex
/// guards everything; lookups run without it.
struct Resolver::State : std::enable_shared_from_this<State>
{
    mutable std::mutex mutex;
    std::condition_variable wakeUp;
    LookupFunction lookup;
    Now now;

    QHash<QByteArray, Lookup> lookups;
    std::map<quint64, QByteArray> queue; ///< names waiting for a thread within their client's share
    std::deque<QByteArray> admitted;     ///< names that the next free thread takes
    QHash<QHostAddress, Share> shares;   ///< of clients that use anything
    int busy = 0;                        ///< threads charged to a client, `admitted` included
    AnswerCache cache;
    quint64 lastNumber = 0; ///< of waiters and turns
    int threadLimit = maxThreads;
    int threads = 0;
    int idleThreads = 0;
    bool mustReconsider = false; ///< re-check the queue after settlingTime
    bool isStopped = false;

    void run();

    void enqueue(const QByteArray &name, quint64 number, Waiter waiter);
    void leave(const QByteArray &name, quint64 number);
    void removeClient(Lookup &entry, const QHostAddress &client);
    void changeShare(const QHostAddress &client, const Share &by);
    [[nodiscard]] bool mayTakeThread(const QHostAddress &client) const;
    [[nodiscard]] const QHostAddress *leastCharged(const Lookup &entry) const;
    void admit(const QByteArray &name, Lookup &entry, const QHostAddress &client);
    bool admitNext();
    void reconsiderLater();
    [[nodiscard]] bool startThread();
    void restart();
    void finish(const QByteArray &name, ResolveAnswer answer);
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
    m_state->admitted.clear();
    m_state->lookups.clear();
    m_state->wakeUp.notify_all();
}

void Resolver::lookup(const QByteArray &name, const QHostAddress &client, QObject *context,
                      Callback callback, ExitFamily family)
{
    answerOrLookUp(name, client, context, std::move(callback), family, goodLifetime);
}

void Resolver::lookupAgain(const QByteArray &name, const QHostAddress &client, QObject *context,
                           Callback callback, ExitFamily family)
{
    answerOrLookUp(name, client, context, std::move(callback), family, presentAge);
}

void Resolver::answerOrLookUp(const QByteArray &name, const QHostAddress &client, QObject *context,
                              Callback callback, ExitFamily family, std::chrono::seconds maxAge)
{
    const QByteArray key = questionOf(name, family);
    const std::lock_guard lock(m_state->mutex);
    const quint64 number = ++m_state->lastNumber;
    Waiter waiter { clientNetwork(client),
                    Mailbox::open(context,
                                  [state = m_state, key, number] {
                                      const std::lock_guard relock(state->mutex);
                                      state->leave(key, number);
                                  }),
                    std::move(callback) };
    if (name.isEmpty() || name == "." || name.contains('\0')) {
        waiter.answer(failure("no such host"));
        return;
    }
    if (const ResolveAnswer *known = m_state->cache.find(key, maxAge, m_state->now())) {
        waiter.answer(*known);
        return;
    }
    m_state->enqueue(key, number, std::move(waiter));
}

bool Resolver::isWaitingForThread(const QByteArray &name, ExitFamily family) const
{
    const std::lock_guard lock(m_state->mutex);
    const auto entry = m_state->lookups.constFind(questionOf(name, family));
    return entry != m_state->lookups.constEnd() && !entry->charged;
}

void Resolver::setThreadLimit(int threads)
{
    const std::lock_guard lock(m_state->mutex);
    m_state->threadLimit = threads;
    // With a higher limit, names that wait may have a thread now.
    while (m_state->admitNext()) {}
}

void Resolver::clearCache()
{
    const std::lock_guard lock(m_state->mutex);
    m_state->cache.clear();
    m_state->restart();
}

void Resolver::State::enqueue(const QByteArray &name, quint64 number, Waiter waiter)
{
    const QHostAddress client = waiter.client;
    auto entry = lookups.find(name);
    const bool isNew = entry == lookups.end();
    const bool isCounted = !isNew && entry->clients.contains(client);
    if (!isCounted && shares.value(client).names >= maxNamesPerClient) {
        waiter.answer(shortage("too many lookups of this client are waiting"));
        return;
    }
    if (isNew && queue.size() >= maxWaitingNames && !mayTakeThread(client)) {
        waiter.answer(shortage("too many lookups are waiting"));
        return;
    }
    if (isNew) {
        entry = lookups.insert(name, {});
        entry->turn = ++lastNumber;
        queue.emplace(entry->turn, name);
    }
    if (!entry->isWanted() && entry->charged)
        changeShare(*entry->charged, { .wantedThreads = 1 });
    entry->waiters.insert(number, std::move(waiter));
    if (entry->clients[client]++ == 0)
        changeShare(client, { .names = 1 });
    // Considers only this name: no thread has become free, so no queued name can have one now.
    if (!entry->charged && mayTakeThread(client))
        admit(name, *entry, client);
}

/// A waiter left before it was answered.
void Resolver::State::leave(const QByteArray &name, quint64 number)
{
    const auto entry = lookups.find(name);
    if (entry == lookups.end())
        return;
    const auto waiter = entry->waiters.constFind(number);
    if (waiter == entry->waiters.constEnd())
        return;
    removeClient(*entry, QHostAddress(waiter->client));
    entry->waiters.erase(waiter);
    if (entry->isWanted())
        return;
    if (entry->charged) {
        changeShare(*entry->charged, { .wantedThreads = -1 });
        reconsiderLater();
    } else {
        queue.erase(entry->turn);
        lookups.erase(entry);
    }
}

void Resolver::State::removeClient(Lookup &entry, const QHostAddress &client)
{
    const auto count = entry.clients.find(client);
    if (--*count > 0)
        return;
    entry.clients.erase(count);
    changeShare(client, { .names = -1 });
}

void Resolver::State::changeShare(const QHostAddress &client, const Share &by)
{
    Share &share = shares[client];
    share.names += by.names;
    share.threads += by.threads;
    share.wantedThreads += by.wantedThreads;
    if (share.names == 0 && share.threads == 0)
        shares.remove(client);
}

/// Implements the table in the header.
bool Resolver::State::mayTakeThread(const QHostAddress &client) const
{
    const Share share = shares.value(client);
    if (share.threads == 0)
        return busy < threadLimit;
    // Scales the table's figures to fewer threads.
    const int perClient =
        std::clamp(threadLimit / (maxThreads / maxThreadsPerClient), 1, maxThreadsPerClient);
    const int wanted = std::max(1, perClient * maxWantedThreadsPerClient / maxThreadsPerClient);
    const int strangers = threadLimit / (maxThreads / threadsForStrangers);
    return busy < threadLimit - strangers && share.threads < perClient
        && share.wantedThreads < wanted;
}

/// Of the waiting clients that may have a thread, the one with the fewest; null if there is none.
const QHostAddress *Resolver::State::leastCharged(const Lookup &entry) const
{
    const QHostAddress *best = nullptr;
    for (auto client = entry.clients.keyBegin(); client != entry.clients.keyEnd(); ++client) {
        if (mayTakeThread(*client)
            && (!best || shares.value(*client).threads < shares.value(*best).threads))
            best = &*client;
    }
    return best;
}

/// Charges a thread to the client, and makes one take the name.
void Resolver::State::admit(const QByteArray &name, Lookup &entry, const QHostAddress &client)
{
    queue.erase(entry.turn);
    entry.charged = client;
    changeShare(client, { .threads = 1, .wantedThreads = 1 });
    ++busy;
    admitted.push_back(name);
    const bool needsThread = idleThreads < std::ssize(admitted);
    if (needsThread && threads < threadLimit && !startThread() && threads == 0) {
        admitted.pop_back();
        finish(QByteArray(name), shortage("no thread for the lookup"));
        return;
    }
    wakeUp.notify_one();
}

/// After a thread or a part of a share was given back, or the limit was raised: admits the next
/// name. False if there is none.
bool Resolver::State::admitNext()
{
    const QByteArray *name = nullptr;
    const QHostAddress *client = nullptr;
    for (const auto &[turn, waiting] : queue) {
        const QHostAddress *candidate = leastCharged(lookups[waiting]);
        if (!candidate)
            continue;
        if (client && shares.value(*candidate).threads >= shares.value(*client).threads)
            continue;
        name = &waiting;
        client = candidate;
        if (shares.value(*client).threads == 0)
            break;
    }
    if (!name)
        return false;
    admit(QByteArray(*name), lookups[*name], QHostAddress(*client));
    return true;
}

void Resolver::State::reconsiderLater()
{
    if (queue.empty() || std::exchange(mustReconsider, true))
        return;
    // If no thread can be started, the next one to return does it.
    if (idleThreads > std::ssize(admitted) || threads >= threadLimit || !startThread())
        wakeUp.notify_one();
}

bool Resolver::State::startThread()
{
    try {
        // Never joined: a thread may be stuck in getaddrinfo() indefinitely.
        std::thread([self = shared_from_this()] { self->run(); }).detach();
    } catch (const std::system_error &) {
        return false;
    }
    ++threads;
    return true;
}

void Resolver::State::run()
{
    std::unique_lock lock(mutex);
    while (!isStopped) {
        if (std::exchange(mustReconsider, false)) {
            lock.unlock();
            std::this_thread::sleep_for(settlingTime);
            lock.lock();
            while (admitNext()) {}
            continue;
        }
        if (admitted.empty()) {
            ++idleThreads;
            const bool isWoken = wakeUp.wait_for(lock, threadIdleLifetime, [this] {
                return isStopped || mustReconsider || !admitted.empty();
            });
            --idleThreads;
            if (!isWoken)
                break;
            continue;
        }
        const QByteArray name = admitted.front();
        admitted.pop_front();
        Lookup &entry = lookups[name];
        const quint64 turn = entry.turn;
        const QHostAddress charged = *entry.charged;
        ResolveAnswer answer;
        if (entry.isWanted()) {
            entry.isUnderWay = true;
            lock.unlock();
            answer = lookup(name);
            lock.lock();
        } else {
            answer = shortage({}); // nobody waits for it, and it is not cached
        }
        if (isStopped)
            break;
        const auto current = lookups.constFind(name);
        if (current != lookups.constEnd() && current->turn == turn) {
            finish(name, std::move(answer));
        } else { // restart() has replaced or dropped this lookup: the answer is of no use
            --busy;
            changeShare(charged, { .threads = -1 });
            admitNext();
        }
    }
    --threads;
}

/// The lookups under way may get another network's answers: those who wait for one wait for a new
/// lookup instead. The old one keeps its thread until it returns, and its answer is dropped.
void Resolver::State::restart()
{
    for (auto entry = lookups.begin(); entry != lookups.end();) {
        if (!entry->isUnderWay) {
            ++entry;
        } else if (entry->isWanted()) {
            changeShare(*entry->charged, { .wantedThreads = -1 });
            entry->charged.reset();
            entry->isUnderWay = false;
            entry->turn = ++lastNumber;
            queue.emplace(entry->turn, entry.key());
            ++entry;
        } else {
            entry = lookups.erase(entry);
        }
    }
    while (admitNext()) {}
}

void Resolver::State::finish(const QByteArray &name, ResolveAnswer answer)
{
    if (answer.addresses.size() > maxAddresses)
        answer.addresses.resize(maxAddresses);
    const Lookup entry = lookups.take(name);
    --busy;
    changeShare(*entry.charged, { .threads = -1, .wantedThreads = entry.isWanted() ? -1 : 0 });
    for (auto client = entry.clients.keyBegin(); client != entry.clients.keyEnd(); ++client)
        changeShare(*client, { .names = -1 });
    if (!answer.isShortage)
        cache.remember(name, answer, now());
    for (const Waiter &waiter : entry.waiters)
        waiter.answer(answer);
    admitNext();
}

} // namespace sami::net
