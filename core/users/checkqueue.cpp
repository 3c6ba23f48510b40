// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "users/checkqueue.h"

#include <algorithm>
#include <utility>

namespace sami::users {

CheckQueue::CheckQueue() = default;

CheckQueue::~CheckQueue() = default;

std::optional<CheckQueue::Ticket> CheckQueue::add(PasswordCheck check, Answer answer)
{
    if (!hasRoomForWaiterOf(check))
        return std::nullopt;
    Waiter waiter { ++m_lastId, std::move(answer), check.client, check.isKnown };
    const auto same = std::find_if(m_entries.begin(), m_entries.end(), [&](const Entry &entry) {
        return entry.check.digest == check.digest;
    });
    if (same != m_entries.end()) {
        // Those that have left take no place, but they take memory.
        if (same->waiters.size() >= maxWaiters)
            return std::nullopt;
        same->check.isKnown = same->check.isKnown || check.isKnown;
        return join(*same, std::move(waiter));
    }
    if (!hasRoomFor(check))
        return std::nullopt;
    m_entries.push_back({ ++m_lastId, std::move(check), {} });
    return join(m_entries.back(), std::move(waiter));
}

CheckQueue::Ticket CheckQueue::join(Entry &entry, Waiter waiter)
{
    ++m_waiters;
    m_strangersWaiters += waiter.isKnown ? 0 : 1;
    ++m_waitersOf[waiter.client];
    entry.waiters.push_back(std::move(waiter));
    return { entry.id, entry.waiters.back().id };
}

void CheckQueue::freePlaceOf(const Waiter &waiter)
{
    --m_waiters;
    m_strangersWaiters -= waiter.isKnown ? 0 : 1;
    const auto count = m_waitersOf.find(waiter.client);
    if (--*count == 0)
        m_waitersOf.erase(count);
}

bool CheckQueue::hasRoomForWaiterOf(const PasswordCheck &check) const
{
    if (m_waiters >= maxWaiters)
        return false;
    const std::size_t ofClient = m_waitersOf.value(check.client);
    if (check.isKnown)
        return ofClient < maxWaitersPerKnown;
    return m_strangersWaiters < maxWaitersOfStrangers && ofClient < maxWaitersPerStranger;
}

bool CheckQueue::hasRoomFor(const PasswordCheck &check) const
{
    std::size_t waiting = 0;
    std::size_t ofStrangers = 0;
    std::size_t ofClient = 0;
    for (const Entry &entry : m_entries) {
        if (entry.isRunning)
            continue;
        ++waiting;
        ofStrangers += entry.check.isKnown ? 0 : 1;
        ofClient += entry.check.client == check.client ? 1 : 0;
    }
    if (waiting >= maxChecks)
        return false;
    if (check.isKnown)
        return ofClient < maxPerKnown;
    return ofStrangers < maxOfStrangers && ofClient < maxPerStranger;
}

void CheckQueue::cancel(const Ticket &ticket)
{
    const auto entry = find(ticket.check);
    if (entry == m_entries.end())
        return;
    std::vector<Waiter> &waiters = entry->waiters;
    const auto leaver =
        std::find_if(waiters.begin(), waiters.end(), [&ticket](const Waiter &waiter) {
            return waiter.id == ticket.waiter && !waiter.hasLeft;
        });
    if (leaver == waiters.end())
        return;
    freePlaceOf(*leaver);
    leaver->hasLeft = true;
    const auto ofClient =
        std::count_if(waiters.cbegin(), waiters.cend(),
                      [&leaver](const Waiter &waiter) { return waiter.client == leaver->client; });
    if (!entry->isRunning || ofClient > 1)
        waiters.erase(leaver);
    if (waiters.empty())
        m_entries.erase(entry);
}

bool CheckQueue::isBusy(quint64 client) const
{
    return std::any_of(m_entries.cbegin(), m_entries.cend(), [client](const Entry &entry) {
        return entry.isRunning && entry.check.client == client;
    });
}

bool CheckQueue::isIdle() const
{
    return std::all_of(m_entries.cbegin(), m_entries.cend(),
                       [](const Entry &entry) { return entry.isRunning; });
}

std::optional<CheckQueue::Turn> CheckQueue::next()
{
    auto ofKnown = m_entries.end();
    auto ofStranger = m_entries.end();
    for (auto entry = m_entries.begin(); entry != m_entries.end(); ++entry) {
        if (entry->isRunning || isBusy(entry->check.client))
            continue;
        auto &oldest = entry->check.isKnown ? ofKnown : ofStranger;
        if (oldest == m_entries.end())
            oldest = entry;
    }
    const bool isKnownsTurn =
        ofStranger == m_entries.end() || (ofKnown != m_entries.end() && !m_wasKnownsTurn);
    const auto chosen = isKnownsTurn ? ofKnown : ofStranger;
    if (chosen == m_entries.end())
        return std::nullopt;
    m_wasKnownsTurn = isKnownsTurn;
    chosen->isRunning = true;
    return Turn { chosen->id, chosen->check.roster, chosen->check.pair };
}

std::vector<CheckQueue::Answer> CheckQueue::finish(quint64 check)
{
    std::vector<Answer> answers;
    const auto entry = find(check);
    if (entry == m_entries.end())
        return answers;
    answers.reserve(entry->waiters.size());
    for (Waiter &waiter : entry->waiters) {
        if (!waiter.hasLeft)
            freePlaceOf(waiter);
        answers.push_back(std::move(waiter.answer));
    }
    m_entries.erase(entry);
    return answers;
}

CheckQueue::Entries::iterator CheckQueue::find(quint64 check)
{
    return std::find_if(m_entries.begin(), m_entries.end(),
                        [check](const Entry &entry) { return entry.id == check; });
}

} // namespace sami::users
