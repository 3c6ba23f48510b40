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
    if (m_waiters >= maxWaiters)
        return std::nullopt;
    const auto same = std::find_if(m_entries.begin(), m_entries.end(), [&](const Entry &entry) {
        return entry.check.digest == check.digest;
    });
    if (same != m_entries.end()) {
        same->check.isKnown = same->check.isKnown || check.isKnown;
        return join(*same, std::move(answer));
    }
    if (!hasRoomFor(check))
        return std::nullopt;
    m_entries.push_back({ ++m_lastId, std::move(check), {} });
    return join(m_entries.back(), std::move(answer));
}

CheckQueue::Ticket CheckQueue::join(Entry &entry, Answer answer)
{
    ++m_waiters;
    entry.waiters.push_back({ ++m_lastId, std::move(answer) });
    return { entry.id, m_lastId };
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
    m_waiters -= std::erase_if(
        entry->waiters, [&ticket](const Waiter &waiter) { return waiter.id == ticket.waiter; });
    if (entry->waiters.empty() && !entry->isRunning)
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
    auto chosen = m_entries.end();
    for (auto entry = m_entries.begin(); entry != m_entries.end(); ++entry) {
        if (entry->isRunning || isBusy(entry->check.client))
            continue;
        if (entry->check.isKnown) {
            chosen = entry;
            break;
        }
        if (chosen == m_entries.end())
            chosen = entry;
    }
    if (chosen == m_entries.end())
        return std::nullopt;
    chosen->isRunning = true;
    return Turn { chosen->id, chosen->check.roster, chosen->check.pair };
}

std::vector<CheckQueue::Answer> CheckQueue::finish(quint64 check)
{
    std::vector<Answer> answers;
    const auto entry = find(check);
    if (entry == m_entries.end())
        return answers;
    m_waiters -= entry->waiters.size();
    answers.reserve(entry->waiters.size());
    for (Waiter &waiter : entry->waiters)
        answers.push_back(std::move(waiter.answer));
    m_entries.erase(entry);
    return answers;
}

CheckQueue::Entries::iterator CheckQueue::find(quint64 check)
{
    return std::find_if(m_entries.begin(), m_entries.end(),
                        [check](const Entry &entry) { return entry.id == check; });
}

} // namespace sami::users
