// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"

#include <QAbstractEventDispatcher>
#include <QList>

#include <optional>
#include <unordered_map>
#include <vector>

namespace sami::net {

/// The timers of one event dispatcher, without I/O: an indexed binary heap by due time, so that
/// starting, firing and stopping one of thousands costs O(log n). Time is a parameter.
///
/// While a timer is delivered it is not in the heap, so a nested event loop does not fire it again.
class TimerQueue
{
    Q_DISABLE_COPY_MOVE(TimerQueue)

public:
    /// One due timer. Ids are reused, serial numbers are not.
    struct Ticket
    {
        int id = 0;
        quint64 serial = 0;
        TimePoint due;
        std::chrono::milliseconds interval {};
    };

    TimerQueue() = default;

    /// `interval` is limited to ten years. A coarse timer may be 5 % late, a very coarse one a
    /// second, so that one wake-up serves many; none is early.
    void add(int id, std::chrono::milliseconds interval, Qt::TimerType type, QObject *object,
             TimePoint now);
    /// False if there is no such id.
    bool remove(int id);
    /// Linear in the number of all timers: Qt calls it when an object dies with timers running.
    bool removeAll(const QObject *object);

    /// Linear, like removeAll().
    [[nodiscard]] QList<QAbstractEventDispatcher::TimerInfo> timersOf(const QObject *object) const;
    /// Zero for an overdue timer; nothing for an unknown id.
    [[nodiscard]] std::optional<std::chrono::milliseconds> remaining(int id, TimePoint now) const;
    /// The earliest due time of timers that are not being delivered.
    [[nodiscard]] std::optional<TimePoint> nextDue() const;

    /// Due timers, ordered by due time.
    [[nodiscard]] std::vector<Ticket> due(TimePoint now) const;
    /// Takes a due timer out for delivery, and sets its next due time. Returns its object; null if
    /// it was stopped, replaced or delivered since due().
    [[nodiscard]] QObject *beginDelivery(const Ticket &ticket, TimePoint now);
    /// Puts it back unless its handler stopped it.
    void endDelivery(const Ticket &ticket);

private:
    struct Timer
    {
        int id;
        Qt::TimerType type;
        std::chrono::milliseconds interval;
        QObject *object;
        quint64 serial;
        TimePoint due;
        TimePoint exactDue;   ///< before rounding to its type's grid
        std::size_t position; ///< in the heap, or outsideHeap during delivery
    };
    static constexpr std::size_t outsideHeap = static_cast<std::size_t>(-1);

    [[nodiscard]] Timer *find(const Ticket &ticket);
    [[nodiscard]] static bool isBefore(const Timer &left, const Timer &right);
    void push(Timer *timer);
    void pull(Timer *timer);
    void siftUp(std::size_t position);
    void siftDown(std::size_t position);
    void place(Timer *timer, std::size_t position);

    std::unordered_map<int, Timer> m_timers; ///< nodes do not move: m_heap points to them
    std::vector<Timer *> m_heap;
    quint64 m_lastSerial = 0;
};

} // namespace sami::net
