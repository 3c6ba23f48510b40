// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// What crosses threads: wake-ups, events, quitting, objects that move.
#include "dispatchers.h"

#include <QElapsedTimer>
#include <QEventLoop>
#include <QPointer>
#include <QRegularExpression>
#include <QSemaphore>
#include <QTest>
#include <QTimer>

#include <thread>
#include <vector>

using namespace sami::test;
using namespace std::chrono_literals;

namespace {

/// A thread whose run() is a function.
class RunningThread : public QThread
{
public:
    explicit RunningThread(std::function<void()> function) : m_function(std::move(function))
    {
        installDispatcher(this);
    }
    ~RunningThread() override { wait(); }

    /// Makes QThread's loop accessible.
    using QThread::exec;

protected:
    void run() override { m_function(); }

private:
    std::function<void()> m_function;
};

/// Limits a race test by rounds and by time: a loaded machine does fewer rounds.
class Rounds
{
public:
    explicit Rounds(int most) : m_most(most) {}
    [[nodiscard]] bool areLeft(int round) const
    {
        return round < m_most && std::chrono::steady_clock::now() < m_end;
    }

private:
    int m_most;
    std::chrono::steady_clock::time_point m_end = std::chrono::steady_clock::now() + 5s;
};

constexpr unsigned long patienceMs = std::chrono::milliseconds(patience).count();

} // namespace

class TestDispatcherThreads : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void livesInItsThread();
    void endsWithItsThread();
    void losesNoWakeUp_data();
    void losesNoWakeUp();
    void losesNoBareWakeUp();
    void losesNoQuit_data();
    void losesNoQuit();
    void aThreadToldToQuitBeforeItsLoopEnds();
    void aThreadMayRunItsLoopTwice();
    void anInterruptIsNotTrampledOn();
    void signalsCrossBothWays();
    void callsMayWaitForTheirEnd();
    void aTimerMovesAlong();
    void aNotifierMovesAlong();
    void objectsOutliveTheirThreadsLoop();
    void threadsComeAndGo();
};

void TestDispatcherThreads::livesInItsThread()
{
    DispatcherThread thread;
    thread.startLoop();
    QAbstractEventDispatcher *its = nullptr;
    QThread *lives = nullptr;
    thread.call([&] {
        its = QAbstractEventDispatcher::instance();
        lives = its->thread();
    });
    QVERIFY(its && its != dispatcher());
    QCOMPARE(lives, &thread);
    QCOMPARE(QAbstractEventDispatcher::instance(&thread), its);
    QCOMPARE(its->metaObject()->className(), dispatcher()->metaObject()->className());
}

void TestDispatcherThreads::endsWithItsThread()
{
    {
        DispatcherThread warmUp;
        warmUp.startLoop();
    }
    const int before = openDescriptors();
    for (int i = 0; i < 20; ++i) {
        QPointer<QAbstractEventDispatcher> its;
        {
            DispatcherThread thread;
            thread.startLoop();
            its = QAbstractEventDispatcher::instance(&thread);
            QVERIFY(its);
            QVERIFY(openDescriptors() > before);
        }
        QVERIFY(!its);
    }
    QCOMPARE(openDescriptors(), before);
}

void TestDispatcherThreads::losesNoWakeUp_data()
{
    QTest::addColumn<int>("posters");
    QTest::addColumn<int>("rounds");
    QTest::addColumn<bool>("withTraffic");
    QTest::newRow("one thread posts") << 1 << 5000 << false;
    QTest::newRow("four threads post") << 4 << 2000 << false;
    QTest::newRow("four threads post amid traffic and timers") << 4 << 1000 << true;
}

void TestDispatcherThreads::losesNoWakeUp()
{
    // Each thread posts, and posts again only when the event has arrived: a loop that sleeps
    // through one stops.
    QFETCH(int, posters);
    QFETCH(int, rounds);
    QFETCH(bool, withTraffic);
    DispatcherThread thread;
    thread.startLoop();
    auto receiver = std::make_unique<QObject>();
    receiver->moveToThread(&thread);
    std::vector<std::unique_ptr<Ends>> pairs;
    std::vector<std::unique_ptr<Watch>> watches;
    std::unique_ptr<QTimer> timer;
    if (withTraffic) {
        thread.call([&] {
            // Two ends that pass a byte back and forth.
            pairs.push_back(std::make_unique<Ends>(socketPair()));
            Ends &ends = *pairs.back();
            for (const auto &[own, other] :
                 { std::pair(&ends.near, &ends.far), std::pair(&ends.far, &ends.near) }) {
                watches.push_back(std::make_unique<Watch>(
                    *own, QSocketNotifier::Read, [own = own] { own->write(own->readAll()); }));
            }
            ends.near.write("x");
            timer = std::make_unique<QTimer>();
            timer->start(1);
        });
    }
    std::atomic<int> failures { 0 };
    std::vector<std::thread> threads;
    for (int i = 0; i < posters; ++i)
        threads.emplace_back([&] {
            QSemaphore arrived;
            const Rounds limit(rounds);
            for (int round = 0; limit.areLeft(round) && failures == 0; ++round) {
                QMetaObject::invokeMethod(
                    receiver.get(), [&arrived] { arrived.release(); }, Qt::QueuedConnection);
                if (!arrived.tryAcquire(1, int(patienceMs))) {
                    ++failures;
                    arrived.acquire(); // it refers to this stack frame
                }
            }
        });
    // Wake the loop in case it slept through one, so that the test can fail instead of hanging.
    QElapsedTimer clock;
    clock.start();
    for (auto &each : threads) {
        std::atomic<bool> joined { false };
        std::thread rescuer([&] {
            while (!joined) {
                std::this_thread::sleep_for(5ms);
                if (failures > 0)
                    QAbstractEventDispatcher::instance(&thread)->wakeUp();
            }
        });
        each.join();
        joined = true;
        rescuer.join();
    }
    QCOMPARE(failures.load(), 0);
    if (withTraffic)
        thread.call([&] {
            QVERIFY(watches[0]->count > 0);
            watches.clear();
            timer.reset();
        });
    thread.call([&] { receiver.reset(); });
}

void TestDispatcherThreads::losesNoBareWakeUp()
{
    // Each wake-up must cause a pass, although none carries an event.
    std::atomic<int> passes { 0 };
    std::atomic<bool> isDone { false };
    RunningThread thread([&] {
        while (!isDone) {
            dispatcher()->processEvents(QEventLoop::WaitForMoreEvents);
            ++passes;
            passes.notify_all();
        }
    });
    thread.start();
    QAbstractEventDispatcher *its = nullptr;
    QTRY_VERIFY((its = QAbstractEventDispatcher::instance(&thread)));
    const Rounds limit(20'000);
    for (int i = 0; limit.areLeft(i); ++i) {
        const int before = passes;
        its->wakeUp();
        passes.wait(before);
    }
    isDone = true;
    its->wakeUp();
    QVERIFY(thread.wait(patienceMs));
}

void TestDispatcherThreads::losesNoQuit_data()
{
    QTest::addColumn<bool>("withWork");
    QTest::newRow("of a loop that sleeps") << false;
    QTest::newRow("of a loop that is busy") << true;
}

void TestDispatcherThreads::losesNoQuit()
{
    // A quit may come at any point of the loop, also between its check of the flag and its wait.
    QFETCH(bool, withWork);
    std::atomic<bool> isOver { false };
    std::atomic<QEventLoop *> current { nullptr };
    std::atomic<int> ended { 0 };
    RunningThread thread([&] {
        QTimer timer;
        QObject object;
        std::function<void()> again = [&] {
            QMetaObject::invokeMethod(&object, again, Qt::QueuedConnection);
        };
        if (withWork) {
            timer.start(0);
            again();
        }
        while (!isOver) {
            QEventLoop loop;
            QMetaObject::invokeMethod(
                &loop,
                [&] {
                    current = &loop;
                    current.notify_all();
                },
                Qt::QueuedConnection);
            loop.exec();
            ++ended;
            ended.notify_all();
        }
    });
    thread.start();
    const Rounds limit(3000);
    for (int i = 0; !isOver; ++i) {
        current.wait(nullptr);
        QEventLoop *loop = current.exchange(nullptr);
        isOver = !limit.areLeft(i + 1); // the thread checks this after the round
        for (int spin = 0; spin < (i % 50) * 20; ++spin)
            std::atomic_signal_fence(std::memory_order_seq_cst);
        loop->quit(); // hangs at the end if one is lost
        while (ended <= i)
            ended.wait(i);
    }
    QVERIFY(thread.wait(patienceMs));
}

void TestDispatcherThreads::aThreadToldToQuitBeforeItsLoopEnds()
{
    for (int i = 0; i < 200; ++i) {
        DispatcherThread thread;
        thread.start();
        thread.quit();
        if (i % 2 == 0)
            std::this_thread::yield();
        thread.exit(1);
        QVERIFY(thread.wait(patienceMs));
    }
}

void TestDispatcherThreads::aThreadMayRunItsLoopTwice()
{
    std::vector<int> results;
    RunningThread *self = nullptr;
    RunningThread thread([&] {
        QTimer::singleShot(1, dispatcher(), [&] { self->exit(3); });
        results.push_back(self->exec());
        QTimer::singleShot(1, dispatcher(), [&] { self->exit(4); });
        results.push_back(self->exec());
    });
    self = &thread;
    thread.start();
    QVERIFY(thread.wait(patienceMs));
    QCOMPARE(results, (std::vector<int> { 3, 4 }));
}

void TestDispatcherThreads::anInterruptIsNotTrampledOn()
{
    RunningThread thread([] {
        dispatcher()->processEvents(QEventLoop::AllEvents);
        QTimer::singleShot(0, dispatcher(), [] { dispatcher()->wakeUp(); });
        dispatcher()->processEvents(QEventLoop::WaitForMoreEvents);
        dispatcher()->interrupt();
        dispatcher()->processEvents(QEventLoop::WaitForMoreEvents);
    });
    thread.start();
    QVERIFY(thread.wait(patienceMs));
}

void TestDispatcherThreads::signalsCrossBothWays()
{
    class Player : public QObject
    {
    public:
        Player *opponent = nullptr;
        std::atomic<int> hits { 0 };
        void hit(int left)
        {
            ++hits;
            if (left > 0)
                QMetaObject::invokeMethod(
                    opponent, [other = opponent, left] { other->hit(left - 1); },
                    Qt::QueuedConnection);
        }
    };
    DispatcherThread first;
    DispatcherThread second;
    first.startLoop();
    second.startLoop();
    Player one;
    Player two;
    one.opponent = &two;
    two.opponent = &one;
    one.moveToThread(&first);
    two.moveToThread(&second);
    constexpr int balls = 4;
    constexpr int rally = 5000;
    for (int i = 0; i < balls; ++i)
        QMetaObject::invokeMethod(
            &one, [&one] { one.hit(rally - 1); }, Qt::QueuedConnection);
    QTRY_COMPARE_WITH_TIMEOUT(one.hits + two.hits, balls * rally, int(patienceMs));
}

void TestDispatcherThreads::callsMayWaitForTheirEnd()
{
    DispatcherThread thread;
    thread.startLoop();
    int count = 0;
    const Rounds limit(2000);
    int calls = 0;
    for (; limit.areLeft(calls); ++calls)
        thread.call([&count] { ++count; });
    QCOMPARE(count, calls);
}

void TestDispatcherThreads::aTimerMovesAlong()
{
    DispatcherThread thread;
    thread.startLoop();
    QTimer timer;
    std::atomic<QThread *> firedIn { nullptr };
    connect(
        &timer, &QTimer::timeout, &timer, [&] { firedIn = QThread::currentThread(); },
        Qt::DirectConnection);
    timer.start(2);
    QVERIFY(loopUntil([&] { return firedIn == QThread::currentThread(); }));
    timer.moveToThread(&thread);
    QVERIFY(dispatcher()->registeredTimers(&timer).isEmpty());
    QTRY_COMPARE(firedIn.load(), static_cast<QThread *>(&thread));
    QThread *home = QThread::currentThread();
    thread.call([&] {
        QCOMPARE(dispatcher()->registeredTimers(&timer).size(), 1);
        timer.moveToThread(home);
    });
    QVERIFY(loopUntil([&] { return firedIn == home; }));
}

void TestDispatcherThreads::aNotifierMovesAlong()
{
    DispatcherThread thread;
    thread.startLoop();
    const Ends ends = socketPair();
    QSocketNotifier notifier(ends.near.number(), QSocketNotifier::Read);
    std::atomic<QThread *> activatedIn { nullptr };
    connect(
        &notifier, &QSocketNotifier::activated, &notifier,
        [&] {
            ends.near.readAll();
            activatedIn = QThread::currentThread();
        },
        Qt::DirectConnection);
    ends.far.write("x");
    QVERIFY(loopUntil([&] { return activatedIn == QThread::currentThread(); }));
    notifier.moveToThread(&thread);
    ends.far.write("x");
    QTRY_COMPARE(activatedIn.load(), static_cast<QThread *>(&thread));
    QVERIFY(wakeUpsDuring(30ms) < fewWakeUps); // nothing of it is left in this thread
    QThread *home = QThread::currentThread();
    thread.call([&] { notifier.moveToThread(home); });
    ends.far.write("x");
    QVERIFY(loopUntil([&] { return activatedIn == home; }));
}

void TestDispatcherThreads::objectsOutliveTheirThreadsLoop()
{
    const Ends ends = socketPair();
    std::unique_ptr<Watch> watch;
    std::unique_ptr<QTimer> timer;
    {
        DispatcherThread thread;
        thread.startLoop();
        thread.call([&] {
            watch = std::make_unique<Watch>(ends.near, QSocketNotifier::Write);
            timer = std::make_unique<QTimer>();
            timer->start(1);
        });
    }
    // Their dispatcher has gone; there is nobody to tell.
    watch.reset();
    // Qt's own warning about timers that outlive their thread.
    QTest::ignoreMessage(QtWarningMsg,
                         QRegularExpression(QStringLiteral("killTimer.*another thread")));
    QTest::ignoreMessage(QtWarningMsg,
                         QRegularExpression(QStringLiteral("~QObject.*another thread")));
    timer.reset();
}

void TestDispatcherThreads::threadsComeAndGo()
{
    std::atomic<int> count { 0 };
    for (int round = 0; round < 10; ++round) {
        std::vector<std::unique_ptr<DispatcherThread>> threads;
        for (int i = 0; i < 10; ++i) {
            threads.push_back(std::make_unique<DispatcherThread>());
            threads.back()->startLoop();
        }
        for (auto &thread : threads)
            thread->call([&] { QTimer::singleShot(0, dispatcher(), [&] { ++count; }); });
        QTRY_COMPARE(count.load(), (round + 1) * 10);
    }
}

SAMI_DISPATCHER_TEST_MAIN(TestDispatcherThreads)
#include "tst_dispatcherthreads.moc"
