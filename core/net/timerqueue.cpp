// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/timerqueue.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <utility>

namespace sami::net {

namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

/// Short enough that adding it to a steady clock's time never overflows.
constexpr milliseconds longestInterval = std::chrono::hours(24 * 365 * 10);

/// Qt::CoarseTimer promises 5 %.
constexpr int coarseFraction = 20;

/// The grid that this timer's due times are rounded up to.
Clock::duration granularity(milliseconds interval, Qt::TimerType type)
{
    switch (type) {
    case Qt::VeryCoarseTimer:
        return 1s;
    case Qt::CoarseTimer: {
        const auto twentieth = static_cast<quint64>(interval.count() / coarseFraction);
        return milliseconds(std::bit_floor(twentieth));
    }
    case Qt::PreciseTimer:
        break;
    }
    return 0ms;
}

TimePoint roundedUp(TimePoint due, Clock::duration grid)
{
    if (grid <= Clock::duration::zero())
        return due;
    const Clock::duration beyond = due.time_since_epoch() % grid;
    return beyond == Clock::duration::zero() ? due : due + (grid - beyond);
}

} // namespace

void TimerQueue::add(int id, milliseconds interval, Qt::TimerType type, QObject *object,
                     TimePoint now)
{
    interval = std::clamp(interval, milliseconds::zero(), longestInterval);
    remove(id);
    Timer &timer = m_timers[id];
    timer.id = id;
    timer.type = type;
    timer.interval = interval;
    timer.object = object;
    timer.serial = ++m_lastSerial;
    timer.exactDue = now + interval;
    timer.due = roundedUp(timer.exactDue, granularity(interval, type));
    push(&timer);
}

bool TimerQueue::remove(int id)
{
    const auto found = m_timers.find(id);
    if (found == m_timers.end())
        return false;
    pull(&found->second);
    m_timers.erase(found);
    return true;
}

bool TimerQueue::removeAll(const QObject *object)
{
    std::vector<int> ids;
    for (const auto &[id, timer] : m_timers) {
        if (timer.object == object)
            ids.push_back(id);
    }
    for (const int id : ids)
        remove(id);
    return !ids.empty();
}

QList<QAbstractEventDispatcher::TimerInfo> TimerQueue::timersOf(const QObject *object) const
{
    QList<QAbstractEventDispatcher::TimerInfo> infos;
    for (const auto &[id, timer] : m_timers) {
        if (timer.object != object)
            continue;
        const auto interval =
            std::min<milliseconds::rep>(timer.interval.count(), std::numeric_limits<int>::max());
        infos.append({ id, static_cast<int>(interval), timer.type });
    }
    return infos;
}

std::optional<milliseconds> TimerQueue::remaining(int id, TimePoint now) const
{
    const auto found = m_timers.find(id);
    if (found == m_timers.end())
        return std::nullopt;
    return std::max(0ms, std::chrono::ceil<milliseconds>(found->second.due - now));
}

std::optional<TimePoint> TimerQueue::nextDue() const
{
    if (m_heap.empty())
        return std::nullopt;
    return m_heap.front()->due;
}

std::vector<TimerQueue::Ticket> TimerQueue::due(TimePoint now) const
{
    std::vector<Ticket> tickets;
    // Children of a timer that is not due are not due either: walks only the due part of the heap.
    std::vector<std::size_t> positions { 0 };
    while (!positions.empty()) {
        const std::size_t position = positions.back();
        positions.pop_back();
        if (position >= m_heap.size() || m_heap[position]->due > now)
            continue;
        const Timer &timer = *m_heap[position];
        tickets.push_back({ timer.id, timer.serial, timer.due, timer.interval });
        positions.push_back(2 * position + 1);
        positions.push_back(2 * position + 2);
    }
    std::sort(tickets.begin(), tickets.end(), [](const Ticket &left, const Ticket &right) {
        return std::pair(left.due, left.serial) < std::pair(right.due, right.serial);
    });
    return tickets;
}

QObject *TimerQueue::beginDelivery(const Ticket &ticket, TimePoint now)
{
    Timer *timer = find(ticket);
    if (!timer || timer->position == outsideHeap || timer->due != ticket.due)
        return nullptr;
    pull(timer);
    // Counts from the due time, so that a repeating timer does not drift. Skips missed shots.
    timer->exactDue += timer->interval;
    if (timer->exactDue < now)
        timer->exactDue = now + timer->interval;
    timer->due = roundedUp(timer->exactDue, granularity(timer->interval, timer->type));
    return timer->object;
}

void TimerQueue::endDelivery(const Ticket &ticket)
{
    if (Timer *timer = find(ticket))
        push(timer);
}

TimerQueue::Timer *TimerQueue::find(const Ticket &ticket)
{
    const auto found = m_timers.find(ticket.id);
    if (found == m_timers.end() || found->second.serial != ticket.serial)
        return nullptr;
    return &found->second;
}

// --- the heap ---

bool TimerQueue::isBefore(const Timer &left, const Timer &right)
{
    // Timers due at the same time fire in the order of their start.
    return std::pair(left.due, left.serial) < std::pair(right.due, right.serial);
}

void TimerQueue::push(Timer *timer)
{
    m_heap.push_back(timer);
    place(timer, m_heap.size() - 1);
    siftUp(timer->position);
}

void TimerQueue::pull(Timer *timer)
{
    const std::size_t position = std::exchange(timer->position, outsideHeap);
    if (position == outsideHeap)
        return;
    Timer *last = m_heap.back();
    m_heap.pop_back();
    if (last == timer)
        return;
    place(last, position);
    siftUp(position);
    siftDown(last->position);
}

void TimerQueue::siftUp(std::size_t position)
{
    Timer *timer = m_heap[position];
    while (position > 0) {
        const std::size_t parent = (position - 1) / 2;
        if (!isBefore(*timer, *m_heap[parent]))
            break;
        place(m_heap[parent], position);
        position = parent;
    }
    place(timer, position);
}

void TimerQueue::siftDown(std::size_t position)
{
    Timer *timer = m_heap[position];
    for (;;) {
        std::size_t child = 2 * position + 1;
        if (child >= m_heap.size())
            break;
        if (child + 1 < m_heap.size() && isBefore(*m_heap[child + 1], *m_heap[child]))
            ++child;
        if (!isBefore(*m_heap[child], *timer))
            break;
        place(m_heap[child], position);
        position = child;
    }
    place(timer, position);
}

void TimerQueue::place(Timer *timer, std::size_t position)
{
    m_heap[position] = timer;
    timer->position = position;
}

} // namespace sami::net
