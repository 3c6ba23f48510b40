// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "door/handshakebounds.h"

#include <algorithm>

namespace sami::door {

namespace {

constexpr std::chrono::seconds window { 1 };

} // namespace

void HandshakeBounds::ask(quint64 id, const QHostAddress &address, TimePoint now)
{
    forgetIdle(now);
    const QHostAddress key = clientNetwork(address);
    if (m_entries.contains(id))
        return;
    m_entries.insert(id, { key });
    Client &client = m_clients[key];
    client.waiting.push_back(id);
    ++m_waiting;
    enterRound(client, key);
}

void HandshakeBounds::enterRound(Client &client, const QHostAddress &key)
{
    if (client.isInRound || client.waiting.empty())
        return;
    client.isInRound = true;
    m_round.push_back(key);
}

std::optional<quint64> HandshakeBounds::next(TimePoint now)
{
    while (!m_rated.empty() && m_rated.begin()->first <= now) {
        m_round.push_back(m_rated.begin()->second);
        m_rated.erase(m_rated.begin());
    }
    while (!m_round.empty()) {
        const QHostAddress key = m_round.front();
        m_round.pop_front();
        Client &client = m_clients[key];
        client.isInRound = false;
        // It returns to the round when one of its handshakes ends.
        if (client.waiting.empty() || client.underWay >= atOnce)
            continue;
        if (now - client.secondBegan >= window) {
            client.secondBegan = now;
            client.begun = 0;
        }
        if (client.begun >= perSecond) {
            client.isInRound = true;
            m_rated.emplace(client.secondBegan + window, key);
            continue;
        }
        const quint64 id = client.waiting.front();
        client.waiting.pop_front();
        Entry &entry = m_entries[id];
        entry.isUnderWay = true;
        entry.begunAs = ++m_begun;
        --m_waiting;
        ++client.underWay;
        ++client.begun;
        if (client.silent.size() >= silentAtMost) {
            m_yielding.push_back(client.silent.begin()->second);
            client.silent.erase(client.silent.begin());
        }
        enterRound(client, key);
        return id;
    }
    return std::nullopt;
}

void HandshakeBounds::stepDone(quint64 id)
{
    const auto entry = m_entries.find(id);
    if (entry == m_entries.end() || !entry->isUnderWay)
        return;
    entry->isUnderWay = false;
    Client &client = m_clients[entry->client];
    --client.underWay;
    client.silent.emplace(entry->begunAs, id);
    enterRound(client, entry->client);
}

void HandshakeBounds::flightArrived(quint64 id)
{
    const auto entry = m_entries.find(id);
    if (entry == m_entries.end())
        return;
    Client &client = m_clients[entry->client];
    // A handshake that has been told to give way is no longer silent.
    if (client.silent.erase(entry->begunAs) == 0)
        return;
    entry->isUnderWay = true;
    ++client.underWay;
}

std::optional<quint64> HandshakeBounds::givesWay()
{
    if (m_yielding.empty())
        return std::nullopt;
    const quint64 id = m_yielding.front();
    m_yielding.pop_front();
    return id;
}

std::optional<TimePoint> HandshakeBounds::nextAt() const
{
    if (!m_round.empty())
        return TimePoint::min();
    if (!m_rated.empty())
        return m_rated.begin()->first;
    return std::nullopt;
}

void HandshakeBounds::end(quint64 id)
{
    const auto entry = m_entries.constFind(id);
    if (entry == m_entries.cend())
        return;
    Client &client = m_clients[entry->client];
    if (entry->isUnderWay) {
        --client.underWay;
        enterRound(client, entry->client);
    } else if (entry->begunAs > 0) {
        client.silent.erase(entry->begunAs);
        std::erase(m_yielding, id);
    } else {
        client.waiting.erase(std::find(client.waiting.begin(), client.waiting.end(), id));
        --m_waiting;
    }
    m_entries.erase(entry);
}

/// Forgets clients that have had nothing under way for a second.
void HandshakeBounds::forgetIdle(TimePoint now)
{
    if (now - m_swept < window)
        return;
    m_swept = now;
    m_clients.removeIf([now](const std::pair<const QHostAddress &, Client &> &known) {
        const Client &client = known.second;
        return client.underWay == 0 && client.waiting.empty() && client.silent.empty()
            && !client.isInRound && now - client.secondBegan >= window;
    });
}

} // namespace sami::door
