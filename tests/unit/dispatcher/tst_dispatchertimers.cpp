// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "dispatchers.h"

#include <QBasicTimer>
#include <QElapsedTimer>
#include <QTest>
#include <QTimer>

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <random>
#include <vector>

using namespace sami::test;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

/// An object that records which of its timers fired.
class Clockwork : public QObject
{
    Q_OBJECT

public:
    std::vector<int> fired;
    std::function<void(int)> handler;

    [[nodiscard]] int count(int id) const
    {
        return int(std::count(fired.begin(), fired.end(), id));
    }

protected:
    void timerEvent(QTimerEvent *event) override
    {
        fired.push_back(event->timerId());
        if (handler)
            handler(event->timerId());
    }
};

/// Sleeps without an event loop, so that every shorter timer is due afterwards.
void sleepWithoutLoop(milliseconds time)
{
    QThread::msleep(static_cast<unsigned long>(time.count()));
}

} // namespace

class TestDispatcherTimers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aZeroTimerFiresOnceATurn();
    void isNotEarly_data();
    void isNotEarly();
    void aSingleShotFiresOnce();
    void waitsWithoutSpinning_data();
    void waitsWithoutSpinning();
    void firesInTheOrderOfDueTimes();
    void whatWasMissedIsNotMadeUpFor();
    void mayBeStoppedInItsOwnHandler();
    void mayBeStoppedInAnothersHandler();
    void itsObjectMayDieInAnothersHandler();
    void mayBeRestartedInItsOwnHandler();
    void mayBeRestartedByTraffic();
    void aChainOfZeroTimersStarvesNobody();
    void tellsWhatIsRegistered();
    void unregistersWhatItKnows();
    void tellsWhatIsLeft();
    void takesTheLongestInterval_data();
    void takesTheLongestInterval();
    void keepsThousandsApart();
    void sharesTheLoopFairly_data();
    void sharesTheLoopFairly();
};

void TestDispatcherTimers::aZeroTimerFiresOnceATurn()
{
    Clockwork object;
    const int first = object.startTimer(0);
    const int second = object.startTimer(0);
    for (int i = 1; i <= 20; ++i) {
        turn();
        QCOMPARE(object.count(first), i);
        QCOMPARE(object.count(second), i);
    }
}

void TestDispatcherTimers::isNotEarly_data()
{
    QTest::addColumn<Qt::TimerType>("type");
    QTest::addColumn<milliseconds>("interval");
    QTest::addColumn<milliseconds>("leastTime");
    QTest::newRow("a precise timer is never early") << Qt::PreciseTimer << 30ms << 30ms;
    QTest::newRow("a precise timer of a millisecond") << Qt::PreciseTimer << 1ms << 1ms;
    QTest::newRow("a coarse timer is at most 5 % early") << Qt::CoarseTimer << 100ms << 95ms;
    QTest::newRow("a short coarse timer") << Qt::CoarseTimer << 10ms << 9ms;
    QTest::newRow("a very coarse timer keeps whole seconds")
        << Qt::VeryCoarseTimer << 1000ms << 499ms;
}

void TestDispatcherTimers::isNotEarly()
{
    QFETCH(Qt::TimerType, type);
    QFETCH(milliseconds, interval);
    QFETCH(milliseconds, leastTime);
    Clockwork object;
    QElapsedTimer clock;
    clock.start();
    const int id = object.startTimer(interval, type);
    QVERIFY(loopUntil([&] { return object.count(id) == 1; }));
    QVERIFY2(std::chrono::nanoseconds(clock.nsecsElapsed()) >= leastTime,
             qPrintable(QString::number(clock.elapsed())));
    QVERIFY(loopUntil([&] { return object.count(id) == 3; }));
    QVERIFY(std::chrono::nanoseconds(clock.nsecsElapsed()) >= 2 * leastTime);
}

void TestDispatcherTimers::aSingleShotFiresOnce()
{
    int count = 0;
    QTimer timer;
    timer.setSingleShot(true);
    connect(&timer, &QTimer::timeout, this, [&count] { ++count; });
    timer.start(5);
    QVERIFY(loopUntil([&] { return count == 1; }));
    QVERIFY(!timer.isActive());
    QVERIFY(wakeUpsDuring(30ms) < fewWakeUps);
    QCOMPARE(count, 1);
    QTimer::singleShot(0, this, [&count] { ++count; });
    QVERIFY(loopUntil([&] { return count == 2; }));
    QVERIFY(wakeUpsDuring(20ms) < fewWakeUps);
    QCOMPARE(count, 2);
}

void TestDispatcherTimers::waitsWithoutSpinning_data()
{
    // If the wait is rounded down, the last part of a millisecond is spent spinning.
    QTest::addColumn<Qt::TimerType>("type");
    QTest::newRow("for precise timers") << Qt::PreciseTimer;
    QTest::newRow("for coarse timers") << Qt::CoarseTimer;
    QTest::newRow("for very coarse timers") << Qt::VeryCoarseTimer;
}

void TestDispatcherTimers::waitsWithoutSpinning()
{
    QFETCH(Qt::TimerType, type);
    Clockwork object;
    for (int i = 0; i < 5; ++i)
        object.startTimer(type == Qt::VeryCoarseTimer ? 60'000 : 40 + 7 * i, type);
    const int wakeUps = wakeUpsDuring(300ms);
    QVERIFY2(wakeUps < int(object.fired.size()) + fewWakeUps,
             qPrintable(QStringLiteral("%1 for %2").arg(wakeUps).arg(object.fired.size())));
}

void TestDispatcherTimers::firesInTheOrderOfDueTimes()
{
    std::mt19937 random(7);
    for (int attempt = 0; attempt < 10; ++attempt) {
        Clockwork object;
        std::vector<int> intervals { 15, 30, 45, 60, 75, 90, 105, 120, 135, 150 };
        std::shuffle(intervals.begin(), intervals.end(), random);
        std::map<int, int> idOf;
        QElapsedTimer clock;
        clock.start();
        for (const int interval : intervals)
            idOf[interval] = object.startTimer(interval, Qt::PreciseTimer);
        if (clock.elapsed() >= 14)
            continue; // the machine paused between two of them, which changes their order
        sleepWithoutLoop(180ms);
        turn();
        std::vector<int> expected;
        for (const auto &[interval, id] : idOf)
            expected.push_back(id);
        QCOMPARE(object.fired, expected);
        return;
    }
    QSKIP("this machine naps too often");
}

void TestDispatcherTimers::whatWasMissedIsNotMadeUpFor()
{
    Clockwork object;
    const int id = object.startTimer(20, Qt::PreciseTimer);
    sleepWithoutLoop(150ms);
    QElapsedTimer clock;
    clock.start();
    turn();
    QCOMPARE(object.count(id), 1);
    turn();
    if (clock.elapsed() < 15)
        QCOMPARE(object.count(id), 1);
    QVERIFY(loopUntil([&] { return object.count(id) == 3; }));
}

void TestDispatcherTimers::mayBeStoppedInItsOwnHandler()
{
    Clockwork object;
    const int id = object.startTimer(1);
    object.handler = [&object](int fired) { object.killTimer(fired); };
    QVERIFY(loopUntil([&] { return object.count(id) == 1; }));
    QVERIFY(wakeUpsDuring(30ms) < fewWakeUps);
    QCOMPARE(object.count(id), 1);
    // A timer object that is destroyed.
    auto timer = std::make_unique<QTimer>();
    int count = 0;
    connect(timer.get(), &QTimer::timeout, this, [&] {
        ++count;
        timer.reset();
    });
    timer->start(1);
    QVERIFY(loopUntil([&] { return count == 1; }));
    QVERIFY(wakeUpsDuring(20ms) < fewWakeUps);
}

void TestDispatcherTimers::mayBeStoppedInAnothersHandler()
{
    Clockwork object;
    std::vector<int> ids;
    for (int i = 0; i < 10; ++i)
        ids.push_back(object.startTimer(1, Qt::PreciseTimer));
    object.handler = [&](int fired) {
        for (const int id : ids)
            if (id != fired)
                object.killTimer(id);
        ids = { fired };
    };
    sleepWithoutLoop(5ms);
    turn();
    QCOMPARE(object.fired.size(), size_t(1));
    const int survivor = object.fired.front();
    QVERIFY(loopUntil([&] { return object.count(survivor) == 3; }));
    QCOMPARE(object.fired.size(), size_t(3));
}

void TestDispatcherTimers::itsObjectMayDieInAnothersHandler()
{
    std::vector<std::unique_ptr<Clockwork>> objects;
    int count = 0;
    for (int i = 0; i < 10; ++i) {
        objects.push_back(std::make_unique<Clockwork>());
        objects.back()->startTimer(1, Qt::PreciseTimer);
        Clockwork *self = objects.back().get();
        self->handler = [&, self](int) {
            ++count;
            for (auto &object : objects)
                if (object.get() != self)
                    object.reset();
        };
    }
    sleepWithoutLoop(5ms);
    turn();
    QCOMPARE(count, 1);
}

void TestDispatcherTimers::mayBeRestartedInItsOwnHandler()
{
    for (const int interval : { 0, 3 }) {
        QTimer timer;
        timer.setTimerType(Qt::PreciseTimer);
        int count = 0;
        connect(&timer, &QTimer::timeout, this, [&] {
            ++count;
            timer.start(interval);
        });
        timer.start(1);
        sleepWithoutLoop(5ms);
        turn();
        QCOMPARE(count, 1); // not in the turn in which it was restarted
        QVERIFY(loopUntil([&] { return count == 5; }));
    }
}

void TestDispatcherTimers::mayBeRestartedByTraffic()
{
    QTimer timer;
    timer.setSingleShot(true);
    int count = 0;
    connect(&timer, &QTimer::timeout, this, [&] { ++count; });
    timer.start(1h);
    for (int i = 0; i < 10'000; ++i)
        timer.start(1h);
    QCOMPARE(dispatcher()->registeredTimers(&timer).size(), 1);
    timer.start(1);
    QVERIFY(loopUntil([&] { return count == 1; }));
    QVERIFY(dispatcher()->registeredTimers(&timer).isEmpty());
}

void TestDispatcherTimers::aChainOfZeroTimersStarvesNobody()
{
    // Each handler starts the next timer; a loop that fired them all in one turn would never leave
    // it.
    Clockwork chain;
    chain.handler = [&chain](int fired) {
        chain.killTimer(fired);
        chain.startTimer(0);
    };
    chain.startTimer(0);
    Clockwork other;
    const int id = other.startTimer(5, Qt::PreciseTimer);
    QVERIFY(loopUntil([&] { return other.count(id) == 3; }));
    QVERIFY(chain.fired.size() > 3);
}

void TestDispatcherTimers::tellsWhatIsRegistered()
{
    QObject object;
    QObject stranger;
    stranger.startTimer(10);
    struct Given
    {
        int interval;
        Qt::TimerType type;
    };
    std::map<int, Given> given;
    for (const Given &each : { Given { 10, Qt::PreciseTimer }, Given { 200, Qt::CoarseTimer },
                               Given { 2000, Qt::VeryCoarseTimer } })
        given[dispatcher()->registerTimer(each.interval, each.type, &object)] = each;
    QCOMPARE(given.size(), size_t(3)); // three different ids
    const auto timers = dispatcher()->registeredTimers(&object);
    QCOMPARE(timers.size(), 3);
    for (const auto &timer : timers) {
        QVERIFY(given.contains(timer.timerId));
        QCOMPARE(timer.interval, given[timer.timerId].interval);
        QCOMPARE(timer.timerType, given[timer.timerId].type);
    }
    QVERIFY(dispatcher()->unregisterTimers(&object));
    QVERIFY(dispatcher()->registeredTimers(&object).isEmpty());
    QCOMPARE(dispatcher()->registeredTimers(&stranger).size(), 1);
}

void TestDispatcherTimers::unregistersWhatItKnows()
{
    QObject object;
    const int first = dispatcher()->registerTimer(1000, Qt::CoarseTimer, &object);
    const int second = dispatcher()->registerTimer(1000, Qt::CoarseTimer, &object);
    QVERIFY(dispatcher()->unregisterTimer(first));
    QVERIFY(!dispatcher()->unregisterTimer(first));
    QCOMPARE(dispatcher()->registeredTimers(&object).size(), 1);
    QVERIFY(dispatcher()->unregisterTimer(second));
    QVERIFY(dispatcher()->registeredTimers(&object).isEmpty());
    QCOMPARE(dispatcher()->remainingTime(second), -1);
}

void TestDispatcherTimers::tellsWhatIsLeft()
{
    QTimer timer;
    QCOMPARE(timer.remainingTime(), -1);
    timer.setTimerType(Qt::PreciseTimer);
    timer.start(1h);
    QVERIFY(timer.remainingTime() > 3'590'000);
    QVERIFY(timer.remainingTime() <= 3'600'001); // Qt rounds up
    timer.start(1);
    sleepWithoutLoop(5ms);
    QCOMPARE(timer.remainingTime(), 0);
    // In its own handler: the time until it fires next.
    int left = -2;
    connect(&timer, &QTimer::timeout, this, [&] {
        if (left == -2)
            left = timer.remainingTime();
        timer.stop();
    });
    timer.start(10min);
    timer.setInterval(0);
    QVERIFY(loopUntil([&] { return left != -2; }));
    QCOMPARE(left, 0);
    QCOMPARE(timer.remainingTime(), -1);
}

void TestDispatcherTimers::takesTheLongestInterval_data()
{
    QTest::addColumn<qint64>("interval");
    QTest::addColumn<bool>("isBeyondQt");
    const qint64 most = std::numeric_limits<int>::max();
    QTest::newRow("the longest that QTimer takes") << most << true;
    QTest::newRow("two weeks") << qint64(14) * 24 * 3600 * 1000 << false;
    QTest::newRow("2^33 ms") << (qint64(1) << 33) << true;
    QTest::newRow("the longest there is") << std::numeric_limits<qint64>::max() << true;
}

void TestDispatcherTimers::takesTheLongestInterval()
{
    QFETCH(qint64, interval);
    QFETCH(bool, isBeyondQt);
    if (runsOnQt() && isBeyondQt)
        QSKIP("Qt 6.4 counts milliseconds in an int");
    for (const Qt::TimerType type : { Qt::PreciseTimer, Qt::CoarseTimer, Qt::VeryCoarseTimer }) {
        Clockwork object;
        const int id = dispatcher()->registerTimer(interval, type, &object);
        QVERIFY(wakeUpsDuring(30ms) < fewWakeUps);
        QCOMPARE(object.count(id), 0);
        const int left = dispatcher()->remainingTime(id);
        QVERIFY2(left > 1'000'000'000, qPrintable(QString::number(left)));
        QVERIFY(dispatcher()->unregisterTimer(id));
    }
}

void TestDispatcherTimers::keepsThousandsApart()
{
    constexpr int size = 5000;
    std::mt19937 random(3);
    Clockwork object;
    object.handler = [&object](int id) { object.killTimer(id); };
    std::vector<int> ids;
    for (int i = 0; i < size; ++i)
        ids.push_back(object.startTimer(int(random() % 100), Qt::PreciseTimer));
    std::shuffle(ids.begin(), ids.end(), random);
    const std::vector<int> killed(ids.begin(), ids.begin() + size / 2);
    for (const int id : killed)
        object.killTimer(id);
    QVERIFY(loopUntil([&] { return object.fired.size() >= size - size / 2; }));
    QVERIFY(wakeUpsDuring(20ms) < fewWakeUps);
    // Each remaining one fired once, and no other.
    std::vector<int> expected(ids.begin() + size / 2, ids.end());
    std::sort(expected.begin(), expected.end());
    std::sort(object.fired.begin(), object.fired.end());
    QCOMPARE(object.fired, expected);
}

void TestDispatcherTimers::sharesTheLoopFairly_data()
{
    QTest::addColumn<bool>("zeroTimer");
    QTest::addColumn<int>("readySockets");
    QTest::addColumn<bool>("postedEvents");
    QTest::newRow("beside a zero timer") << true << 0 << false;
    QTest::newRow("beside sockets that are always ready") << false << 400 << false;
    QTest::newRow("beside events that post the next") << false << 0 << true;
    QTest::newRow("beside all of them") << true << 400 << true;
}

void TestDispatcherTimers::sharesTheLoopFairly()
{
    QFETCH(bool, zeroTimer);
    QFETCH(int, readySockets);
    QFETCH(bool, postedEvents);
    Clockwork noise;
    if (zeroTimer)
        noise.startTimer(0);
    std::vector<Ends> pairs;
    std::vector<std::unique_ptr<Watch>> watches;
    for (int i = 0; i < readySockets; ++i) {
        pairs.push_back(socketPair());
        watches.push_back(std::make_unique<Watch>(pairs.back().near, QSocketNotifier::Write));
    }
    int posted = 0;
    std::function<void()> postNext = [&] {
        ++posted;
        QMetaObject::invokeMethod(&noise, postNext, Qt::QueuedConnection);
    };
    if (postedEvents)
        postNext();

    const Ends ends = socketPair();
    ends.far.write("x");
    Watch watch(ends.near, QSocketNotifier::Read, [&watch] { watch.notifier->setEnabled(false); });
    Clockwork object;
    const int id = object.startTimer(5, Qt::PreciseTimer);
    bool arrived = false;
    QMetaObject::invokeMethod(
        &object, [&arrived] { arrived = true; }, Qt::QueuedConnection);
    QVERIFY(loopUntil([&] { return object.count(id) >= 3 && watch.count == 1 && arrived; }));
    QVERIFY(!zeroTimer || !noise.fired.empty());
    QVERIFY(!postedEvents || posted > 1);
    for (const auto &other : watches)
        QVERIFY(other->count > 0);
}

SAMI_DISPATCHER_TEST_MAIN(TestDispatcherTimers)
#include "tst_dispatchertimers.moc"
