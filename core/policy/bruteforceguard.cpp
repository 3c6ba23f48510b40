// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "policy/bruteforceguard.h"

#include "base/endpoint.h"

#include <algorithm>

namespace sami::policy {

using std::chrono::seconds;

BruteForceGuard::Key BruteForceGuard::Key::of(const QHostAddress &client)
{
    const QHostAddress plain = unmapped(client);
    if (plain.protocol() != QAbstractSocket::IPv6Protocol)
        return { plain.toIPv4Address(), false };
    const Q_IPV6ADDR bytes = plain.toIPv6Address();
    quint64 network = 0;
    for (int i = 0; i < 8; ++i)
        network = network << 8 | bytes[i];
    return { network, true };
}

QHostAddress BruteForceGuard::Key::address() const
{
    if (!isIpv6)
        return QHostAddress(static_cast<quint32>(bits));
    Q_IPV6ADDR bytes {};
    for (int i = 0; i < 8; ++i)
        bytes[i] = static_cast<quint8>(bits >> (56 - 8 * i));
    return QHostAddress(bytes);
}

BruteForceGuard::BruteForceGuard(const GuardLimits &limits) : m_limits(limits) {}

void BruteForceGuard::setLimits(const GuardLimits &limits)
{
    m_limits = limits;
}

Decision BruteForceGuard::check(const QHostAddress &client, TimePoint now) const
{
    const Entry *entry = find(client);
    if (!entry || !entry->blockedUntil || now >= *entry->blockedUntil)
        return {};
    // Rounded up, so that a retry after exactly that many seconds succeeds.
    return { Refusal::GuesserBlocked, std::chrono::ceil<seconds>(*entry->blockedUntil - now) };
}

bool BruteForceGuard::Entry::hasSucceeded(quint64 fingerprint) const
{
    return std::any_of(successes.cbegin(), successes.cend(), [fingerprint](const Success &success) {
        return success.fingerprint == fingerprint;
    });
}

bool BruteForceGuard::Entry::isInWindow(TimePoint now, const GuardLimits &limits) const
{
    return wrongAttempts > 0 && now - windowStart < limits.window;
}

bool BruteForceGuard::hasSucceeded(const QHostAddress &client, quint64 fingerprint) const
{
    const Entry *entry = find(client);
    return entry && fingerprint != 0 && entry->hasSucceeded(fingerprint);
}

bool BruteForceGuard::hasSucceeded(const QHostAddress &client) const
{
    const Entry *entry = find(client);
    return entry && !entry->successes.isEmpty();
}

bool BruteForceGuard::isTrusted(const QHostAddress &client, TimePoint now) const
{
    const Entry *entry = find(client);
    return entry && !entry->successes.isEmpty() && !entry->isInWindow(now, m_limits);
}

bool BruteForceGuard::knowsGuess(const QHostAddress &client, quint64 guess, TimePoint now) const
{
    const Entry *entry = find(client);
    return entry && entry->isInWindow(now, m_limits) && entry->guesses.contains(guess);
}

void BruteForceGuard::Entry::forgetGuesses()
{
    wrongAttempts = 0;
    guesses = {};
}

bool BruteForceGuard::recordFailure(const QHostAddress &client, quint64 guess, TimePoint now)
{
    Entry &entry = touch(client);
    if (entry.blockedUntil) {
        if (now < *entry.blockedUntil)
            return false;
        entry.blockedUntil.reset();
    }
    if (!entry.isInWindow(now, m_limits)) {
        entry.windowStart = now;
        entry.forgetGuesses();
    }
    if (entry.guesses.contains(guess))
        return false;
    if (entry.guesses.size() < maxGuesses)
        entry.guesses.append(guess);
    else
        entry.guesses[entry.wrongAttempts % maxGuesses] = guess;
    if (++entry.wrongAttempts < m_limits.maxAttempts)
        return false;
    entry.forgetGuesses();
    entry.blockedUntil = now + std::min<std::chrono::milliseconds>(2 * m_limits.window, maxBlock);
    return true;
}

void BruteForceGuard::recordSuccess(const QHostAddress &client, quint64 fingerprint,
                                    [[maybe_unused]] TimePoint now, quint64 owner)
{
    if (fingerprint == 0)
        return;
    QList<Success> &successes = touch(client).successes;
    if (!successes.isEmpty() && successes.constLast().fingerprint == fingerprint) {
        successes.last().owner = owner;
        return;
    }
    successes.removeIf(
        [fingerprint](const Success &success) { return success.fingerprint == fingerprint; });
    if (successes.size() >= maxFingerprints)
        successes.removeFirst();
    successes.append({ fingerprint, owner });
}

void BruteForceGuard::keepSuccessesOf(const QSet<quint64> &owners)
{
    for (Entry &entry : m_entries) {
        entry.successes.removeIf(
            [&owners](const Success &success) { return !owners.contains(success.owner); });
    }
}

bool BruteForceGuard::lift(const QHostAddress &client, TimePoint now)
{
    const auto found = m_index.constFind(Key::of(client));
    if (found == m_index.cend())
        return false;
    Entry &entry = **found;
    const bool wasBlocked = entry.blockedUntil && now < *entry.blockedUntil;
    entry.blockedUntil.reset();
    entry.forgetGuesses();
    return wasBlocked;
}

qsizetype BruteForceGuard::liftAll(TimePoint now)
{
    const qsizetype running = blocks(now).size();
    for (Entry &entry : m_entries) {
        entry.blockedUntil.reset();
        entry.forgetGuesses();
    }
    return running;
}

QList<BruteForceGuard::Block> BruteForceGuard::blocks(TimePoint now) const
{
    QList<Block> running;
    for (const Entry &entry : m_entries) {
        if (entry.blockedUntil && now < *entry.blockedUntil)
            running.append({ entry.key.address(), *entry.blockedUntil });
    }
    return running;
}

qsizetype BruteForceGuard::size() const
{
    return m_index.size();
}

const BruteForceGuard::Entry *BruteForceGuard::find(const QHostAddress &client) const
{
    const auto found = m_index.constFind(Key::of(client));
    return found == m_index.cend() ? nullptr : &**found;
}

/// Moves the client's entry to the front, creating it if there is none.
BruteForceGuard::Entry &BruteForceGuard::touch(const QHostAddress &client)
{
    const Key key = Key::of(client);
    const auto found = m_index.constFind(key);
    if (found != m_index.cend()) {
        m_entries.splice(m_entries.begin(), m_entries, *found);
        return m_entries.front();
    }
    if (m_index.size() >= maxAddresses) {
        m_index.remove(m_entries.back().key);
        m_entries.pop_back();
    }
    m_entries.push_front(Entry { key, 0, {}, {}, {}, {} });
    m_index.insert(key, m_entries.begin());
    return m_entries.front();
}

} // namespace sami::policy
