// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// A timer's handler runs an event loop of its own. The timer must not fire into its own handler;
// everything else goes on.
#include "dispatchers.h"

#include <QEventLoop>
#include <QTest>
#include <QTimer>

using namespace sami::test;
using namespace std::chrono_literals;

class TestDispatcherTimerNesting : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void doesNotFireIntoItsOwnHandler_data();
    void doesNotFireIntoItsOwnHandler();
    void aZeroTimerInDeliveryDoesNotSpinTheNestedLoop();
    void othersFireMeanwhile();
    void othersOfTheSameTurnFireOnce();
    void mayBeStoppedInTheNestedLoop();
    void mayBeStartedAnewInTheNestedLoop();
    void itsObjectMayDieInTheNestedLoop();
    void goesOnBehindTheNestedLoop();
    void nestsDeeply();
};

void TestDispatcherTimerNesting::doesNotFireIntoItsOwnHandler_data()
{
    QTest::addColumn<int>("interval");
    QTest::newRow("a zero timer") << 0;
    QTest::newRow("a short timer") << 2;
}

void TestDispatcherTimerNesting::doesNotFireIntoItsOwnHandler()
{
    QFETCH(int, interval);
    int depth = 0;
    int deepest = 0;
    int count = 0;
    QTimer timer;
    connect(&timer, &QTimer::timeout, this, [&] {
        ++count;
        deepest = qMax(deepest, ++depth);
        QEventLoop loop;
        QTimer::singleShot(20, Qt::PreciseTimer, &loop, &QEventLoop::quit);
        loop.exec();
        turn();
        --depth;
    });
    timer.start(interval);
    QVERIFY(loopUntil([&] { return count == 3 && depth == 0; }));
    QCOMPARE(deepest, 1);
}

void TestDispatcherTimerNesting::aZeroTimerInDeliveryDoesNotSpinTheNestedLoop()
{
    int wakeUps = -1;
    QTimer timer;
    connect(&timer, &QTimer::timeout, this, [&] {
        wakeUps = wakeUpsDuring(50ms);
        timer.stop();
    });
    timer.start(0);
    QVERIFY(loopUntil([&] { return wakeUps >= 0; }));
    QVERIFY2(wakeUps < fewWakeUps, qPrintable(QString::number(wakeUps)));
}

void TestDispatcherTimerNesting::othersFireMeanwhile()
{
    int others = 0;
    bool isInside = false;
    bool isDone = false;
    QTimer other;
    connect(&other, &QTimer::timeout, this, [&] { others += isInside ? 1 : 0; });
    other.start(2);
    QTimer timer;
    connect(&timer, &QTimer::timeout, this, [&] {
        isInside = true;
        isDone = loopUntil([&] { return others == 3; });
        isInside = false;
        timer.stop();
    });
    timer.start(1);
    QVERIFY(loopUntil([&] { return isDone; }));
}

void TestDispatcherTimerNesting::othersOfTheSameTurnFireOnce()
{
    // All are due in the same turn. The first runs a nested turn, which fires the others; they are
    // then no longer due in the outer turn.
    constexpr int size = 10;
    int count = 0;
    int active = size;
    std::vector<std::unique_ptr<QTimer>> timers;
    for (int i = 0; i < size; ++i) {
        timers.push_back(std::make_unique<QTimer>());
        timers.back()->setTimerType(Qt::PreciseTimer);
        connect(timers.back().get(), &QTimer::timeout, this, [&] {
            if (++count == 1)
                turn();
        });
        timers.back()->start(200);
    }
    QThread::msleep(210);
    turn();
    QCOMPARE(count, active);
}

void TestDispatcherTimerNesting::mayBeStoppedInTheNestedLoop()
{
    int count = 0;
    QTimer timer;
    connect(&timer, &QTimer::timeout, this, [&] {
        ++count;
        QTimer::singleShot(0, &timer, &QTimer::stop);
        QTimer another;
        another.start(1);
        QVERIFY(loopUntil([&] { return !timer.isActive(); }));
    });
    timer.start(0);
    QVERIFY(loopUntil([&] { return count == 1; }));
    QVERIFY(wakeUpsDuring(20ms) < fewWakeUps);
    QCOMPARE(count, 1);
}

void TestDispatcherTimerNesting::mayBeStartedAnewInTheNestedLoop()
{
    int count = 0;
    QTimer timer;
    connect(&timer, &QTimer::timeout, this, [&] {
        if (++count == 1) {
            // After a restart it is a different timer, although the object is the same.
            timer.start(0);
            QVERIFY(loopUntil([&] { return count == 3; }));
        }
        if (count >= 4)
            timer.stop();
    });
    timer.start(0);
    QVERIFY(loopUntil([&] { return count >= 4; }));
    QVERIFY(wakeUpsDuring(20ms) < fewWakeUps);
    QCOMPARE(count, 4);
}

void TestDispatcherTimerNesting::itsObjectMayDieInTheNestedLoop()
{
    auto timer = std::make_unique<QTimer>();
    int count = 0;
    // The receiver is another object: the timer may be destroyed while its handler runs.
    connect(timer.get(), &QTimer::timeout, this, [&] {
        ++count;
        QEventLoop loop;
        QTimer::singleShot(0, &loop, [&] {
            timer.reset();
            loop.quit();
        });
        loop.exec();
    });
    timer->start(0);
    QVERIFY(loopUntil([&] { return count == 1 && !timer; }));
    QVERIFY(wakeUpsDuring(20ms) < fewWakeUps);
    QCOMPARE(count, 1);
}

void TestDispatcherTimerNesting::goesOnBehindTheNestedLoop()
{
    int count = 0;
    QTimer timer;
    connect(&timer, &QTimer::timeout, this, [&] {
        if (++count == 1)
            QVERIFY(wakeUpsDuring(30ms) < fewWakeUps);
    });
    timer.start(2);
    QVERIFY(loopUntil([&] { return count == 5; }));
}

void TestDispatcherTimerNesting::nestsDeeply()
{
    constexpr int levels = 20;
    int depth = 0;
    int deepest = 0;
    std::vector<std::unique_ptr<QTimer>> timers;
    for (int i = 0; i < levels; ++i) {
        timers.push_back(std::make_unique<QTimer>());
        QTimer *timer = timers.back().get();
        timer->setSingleShot(true);
        connect(timer, &QTimer::timeout, this, [&] {
            deepest = qMax(deepest, ++depth);
            if (depth < levels)
                QVERIFY(loopUntil([&] { return deepest == levels; }));
        });
        timer->start(i);
    }
    QVERIFY(loopUntil([&] { return deepest == levels; }));
    QCOMPARE(depth, levels);
}

SAMI_DISPATCHER_TEST_MAIN(TestDispatcherTimerNesting)
#include "tst_dispatchertimernesting.moc"
