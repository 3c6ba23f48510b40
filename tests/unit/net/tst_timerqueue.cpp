// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/timerqueue.h"

#include <QRandomGenerator>
#include <QTest>

#include <algorithm>
#include <map>

using namespace sami;
using namespace sami::net;
using namespace std::chrono_literals;

namespace {

const TimePoint start = TimePoint(1000h);

} // namespace

class TestTimerQueue : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isEmptyAtFirst();
    void firesInTheOrderOfDueTimes();
    void firesTheEarlierStartedFirst();
    void repeatsWithoutDrift();
    void skipsWhatWasMissed();
    void isNeverEarlyAndLateWithinItsType_data();
    void isNeverEarlyAndLateWithinItsType();
    void leavesOutWhatIsBeingDelivered();
    void forgetsWhatItsHandlerStopped();
    void knowsAnIdThatIsUsedAgain();
    void aNestedDeliveryIsNotRepeated();
    void anEndlessIntervalDoesNotOverflow();
    void removesTheTimersOfAnObject();
    void agreesWithASimpleModel();

private:
    QObject m_object;
};

void TestTimerQueue::isEmptyAtFirst()
{
    TimerQueue queue;
    QVERIFY(!queue.nextDue());
    QVERIFY(queue.due(start).empty());
    QVERIFY(!queue.remove(1));
    QVERIFY(!queue.remaining(1, start));
}

void TestTimerQueue::firesInTheOrderOfDueTimes()
{
    TimerQueue queue;
    for (const int interval : { 50, 10, 30, 20, 40, 10 })
        queue.add(interval + (queue.remaining(interval, start) ? 1 : 0),
                  std::chrono::milliseconds(interval), Qt::PreciseTimer, &m_object, start);
    QCOMPARE(queue.nextDue(), start + 10ms);
    QList<int> ids;
    for (const TimerQueue::Ticket &ticket : queue.due(start + 40ms))
        ids.append(ticket.id);
    QCOMPARE(ids, QList<int>({ 10, 11, 20, 30, 40 }));
}

void TestTimerQueue::firesTheEarlierStartedFirst()
{
    TimerQueue queue;
    for (const int id : { 5, 3, 4, 1, 2 })
        queue.add(id, 0ms, Qt::PreciseTimer, &m_object, start);
    QList<int> ids;
    for (const TimerQueue::Ticket &ticket : queue.due(start))
        ids.append(ticket.id);
    QCOMPARE(ids, QList<int>({ 5, 3, 4, 1, 2 }));
}

void TestTimerQueue::repeatsWithoutDrift()
{
    TimerQueue queue;
    queue.add(1, 10ms, Qt::PreciseTimer, &m_object, start);
    const TimePoint late = start + 13ms;
    const TimerQueue::Ticket ticket = queue.due(late).at(0);
    QCOMPARE(queue.beginDelivery(ticket, late), &m_object);
    queue.endDelivery(ticket);
    QCOMPARE(queue.nextDue(), start + 20ms);
}

void TestTimerQueue::skipsWhatWasMissed()
{
    TimerQueue queue;
    queue.add(1, 10ms, Qt::PreciseTimer, &m_object, start);
    const TimePoint late = start + 95ms;
    const TimerQueue::Ticket ticket = queue.due(late).at(0);
    QVERIFY(queue.beginDelivery(ticket, late));
    queue.endDelivery(ticket);
    QVERIFY(queue.due(late).empty());
    QCOMPARE(queue.nextDue(), late + 10ms);
}

void TestTimerQueue::isNeverEarlyAndLateWithinItsType_data()
{
    QTest::addColumn<Qt::TimerType>("type");
    QTest::addColumn<int>("interval");
    QTest::addColumn<int>("tolerance");
    QTest::newRow("precise") << Qt::PreciseTimer << 30'000 << 0;
    QTest::newRow("coarse: 5 %") << Qt::CoarseTimer << 30'000 << 1'500;
    QTest::newRow("coarse and short is precise") << Qt::CoarseTimer << 19 << 0;
    QTest::newRow("very coarse: a second") << Qt::VeryCoarseTimer << 30'000 << 1'000;
}

void TestTimerQueue::isNeverEarlyAndLateWithinItsType()
{
    QFETCH(Qt::TimerType, type);
    QFETCH(int, interval);
    QFETCH(int, tolerance);
    for (int offset = 0; offset < 3'000; offset += 7) {
        TimerQueue queue;
        const TimePoint now = start + std::chrono::milliseconds(offset);
        queue.add(1, std::chrono::milliseconds(interval), type, &m_object, now);
        const auto late = *queue.nextDue() - now - std::chrono::milliseconds(interval);
        QVERIFY(late >= 0ms);
        QVERIFY(late <= std::chrono::milliseconds(tolerance));
    }
}

void TestTimerQueue::leavesOutWhatIsBeingDelivered()
{
    TimerQueue queue;
    queue.add(1, 0ms, Qt::PreciseTimer, &m_object, start);
    const TimerQueue::Ticket ticket = queue.due(start).at(0);
    QVERIFY(queue.beginDelivery(ticket, start));
    QVERIFY2(!queue.nextDue(), "a nested loop would spin");
    QVERIFY(queue.due(start + 1h).empty());
    QVERIFY(queue.remaining(1, start));
    queue.endDelivery(ticket);
    QVERIFY(queue.nextDue());
}

void TestTimerQueue::forgetsWhatItsHandlerStopped()
{
    TimerQueue queue;
    queue.add(1, 0ms, Qt::PreciseTimer, &m_object, start);
    queue.add(2, 0ms, Qt::PreciseTimer, &m_object, start);
    const auto due = queue.due(start);
    QVERIFY(queue.beginDelivery(due.at(0), start));
    QVERIFY(queue.remove(1));
    QVERIFY(queue.remove(2));
    queue.endDelivery(due.at(0));
    QVERIFY(!queue.beginDelivery(due.at(1), start));
    QVERIFY(!queue.nextDue());
}

void TestTimerQueue::knowsAnIdThatIsUsedAgain()
{
    TimerQueue queue;
    queue.add(1, 0ms, Qt::PreciseTimer, &m_object, start);
    queue.add(2, 0ms, Qt::PreciseTimer, &m_object, start);
    const auto due = queue.due(start);
    QVERIFY(queue.beginDelivery(due.at(0), start));
    queue.remove(1);
    queue.add(1, 5ms, Qt::PreciseTimer, &m_object, start);
    queue.remove(2);
    queue.add(2, 0ms, Qt::PreciseTimer, &m_object, start);
    queue.endDelivery(due.at(0));
    QVERIFY2(!queue.beginDelivery(due.at(1), start), "that ticket was the old timer's");
    QCOMPARE(queue.due(start + 5ms).size(), size_t(2));
}

void TestTimerQueue::aNestedDeliveryIsNotRepeated()
{
    TimerQueue queue;
    queue.add(1, 10ms, Qt::PreciseTimer, &m_object, start);
    const TimePoint now = start + 10ms;
    const TimerQueue::Ticket outer = queue.due(now).at(0);
    const TimerQueue::Ticket nested = queue.due(now).at(0);
    QVERIFY(queue.beginDelivery(nested, now));
    queue.endDelivery(nested);
    QVERIFY(!queue.beginDelivery(outer, now));
}

void TestTimerQueue::anEndlessIntervalDoesNotOverflow()
{
    TimerQueue queue;
    queue.add(1, std::chrono::milliseconds::max(), Qt::CoarseTimer, &m_object, start);
    QVERIFY(*queue.nextDue() > start + std::chrono::hours(24 * 365));
    QVERIFY(queue.due(start + 1h).empty());
    QCOMPARE(queue.timersOf(&m_object).at(0).interval, std::numeric_limits<int>::max());
}

void TestTimerQueue::removesTheTimersOfAnObject()
{
    TimerQueue queue;
    QObject other;
    queue.add(1, 10ms, Qt::PreciseTimer, &m_object, start);
    queue.add(2, 20ms, Qt::CoarseTimer, &other, start);
    queue.add(3, 30ms, Qt::PreciseTimer, &m_object, start);
    QCOMPARE(queue.timersOf(&m_object).size(), 2);
    QVERIFY(queue.removeAll(&m_object));
    QVERIFY(!queue.removeAll(&m_object));
    QCOMPARE(queue.timersOf(&other).size(), 1);
    QCOMPARE(queue.timersOf(&other).at(0).timerId, 2);
    QCOMPARE(queue.timersOf(&other).at(0).timerType, Qt::CoarseTimer);
    QCOMPARE(queue.remaining(2, start), 20ms);
}

/// Thousands of starts and stops: the heap must agree with a sorted map.
void TestTimerQueue::agreesWithASimpleModel()
{
    TimerQueue queue;
    std::map<int, TimePoint> model;
    QRandomGenerator random(20261125);
    TimePoint now = start;
    for (int step = 0; step < 20'000; ++step) {
        const int id = random.bounded(200);
        if (random.bounded(3) == 0) {
            QCOMPARE(queue.remove(id), model.erase(id) == 1);
        } else {
            const std::chrono::milliseconds interval(random.bounded(1'000));
            queue.add(id, interval, Qt::PreciseTimer, &m_object, now);
            model[id] = now + interval;
        }
        now += std::chrono::milliseconds(random.bounded(3));
        for (const TimerQueue::Ticket &ticket : queue.due(now)) {
            QCOMPARE(model.at(ticket.id), ticket.due);
            QVERIFY(queue.remove(ticket.id));
            model.erase(ticket.id);
        }
        const auto next =
            std::min_element(model.begin(), model.end(), [](const auto &left, const auto &right) {
                return left.second < right.second;
            });
        QCOMPARE(queue.nextDue().has_value(), next != model.end());
        if (next != model.end()) {
            QCOMPARE(*queue.nextDue(), next->second);
            QVERIFY(next->second > now);
        }
    }
}

QTEST_GUILESS_MAIN(TestTimerQueue)
#include "tst_timerqueue.moc"
