// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "dispatchers.h"

#include <QElapsedTimer>
#include <QEvent>
#include <QEventLoop>
#include <QPointer>
#include <QTest>
#include <QTimer>

#include <thread>
#include <vector>

using namespace sami::test;
using namespace std::chrono_literals;

namespace {

/// Counts the events posted to it.
class Receiver : public QObject
{
public:
    std::vector<int> received;
    std::function<void(int)> handler;

    void post(int number, int priority = Qt::NormalEventPriority)
    {
        QCoreApplication::postEvent(this, new QEvent(QEvent::Type(QEvent::User + number)),
                                    priority);
    }

    bool event(QEvent *event) override
    {
        if (event->type() < QEvent::User)
            return QObject::event(event);
        received.push_back(event->type() - QEvent::User);
        if (handler)
            handler(received.back());
        return true;
    }
};

bool waitForMore(QEventLoop::ProcessEventsFlags more = {})
{
    return dispatcher()->processEvents(QEventLoop::WaitForMoreEvents | more);
}

/// Runs something in another thread once the loop is about to block, or has just blocked.
class WhenBlocked
{
    Q_DISABLE_COPY_MOVE(WhenBlocked)

public:
    explicit WhenBlocked(std::function<void()> action)
        : m_thread([this, action = std::move(action)] {
              m_blocked.wait(false);
              std::this_thread::sleep_for(2ms); // usually enough for the loop to be asleep; not
                                                // required
              action();
          })
    {
        QObject::connect(dispatcher(), &QAbstractEventDispatcher::aboutToBlock, &m_context,
                         [this] { release(); });
    }
    ~WhenBlocked()
    {
        release();
        m_thread.join();
    }

private:
    void release()
    {
        m_blocked = true;
        m_blocked.notify_all();
    }

    std::atomic<bool> m_blocked { false };
    QObject m_context;
    std::thread m_thread;
};

} // namespace

class TestDispatcherLoop : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void tellsWhetherThereWasWork();
    void doesNotWaitUnlessAsked();
    void isWokenBy_data();
    void isWokenBy();
    void remembersAWakeUp_data();
    void remembersAWakeUp();
    void manyWakeUpsAreOne();
    void doesNotWaitBehindAnInterruptInAPostedEvent();
    void anInterruptEndsThePass();
    void doesNotWaitBehindWorkMadeWhileAboutToBlock_data();
    void doesNotWaitBehindWorkMadeWhileAboutToBlock();
    void leavesNotifiersOut();
    void leavesTimersOut();
    void saysWhenItBlocksAndWakes();
    void deliversPostedEventsInOrder();
    void leavesWhatIsPostedMeanwhileForTheNextPass();
    void nestedLoopsEndFromTheInside();
    void anOuterLoopThatIsToldToQuitWaitsForTheInner();
    void aLoopMayRunAgain();
    void aQuitCameFromADeeperLoop();
    void aPendingDeleteOfAnOuterLoopDoesNotSpin();
    void processesForAWhile();
};

void TestDispatcherLoop::init()
{
    // Drains what the previous test left, for instance a wake-up.
    while (turn()) {}
}

void TestDispatcherLoop::tellsWhetherThereWasWork()
{
    QVERIFY(!turn());
    Receiver receiver;
    receiver.post(1);
    QVERIFY(turn());
    QVERIFY(!turn());
    const Ends ends = socketPair();
    Watch watch(ends.near, QSocketNotifier::Write);
    QVERIFY(turn());
    watch.notifier.reset();
    QVERIFY(!turn());
    QTimer timer;
    timer.start(1);
    QThread::msleep(5);
    QVERIFY(turn());
    // A zero timer does not count as work: "while there is work" would never end.
    timer.start(0);
    QVERIFY(!turn());
    QVERIFY(!turn());
}

void TestDispatcherLoop::doesNotWaitUnlessAsked()
{
    const Ends ends = socketPair();
    const Watch watch(ends.near, QSocketNotifier::Read);
    QTimer timer;
    timer.start(1h);
    for (int i = 0; i < 100; ++i)
        QVERIFY(!turn());
}

void TestDispatcherLoop::isWokenBy_data()
{
    QTest::addColumn<QString>("what");
    QTest::addColumn<bool>("withNotifiers");
    for (const bool withNotifiers : { true, false }) {
        const char *tail = withNotifiers ? "" : ", without notifiers";
        QTest::addRow("a wake-up of another thread%s", tail)
            << QStringLiteral("wake") << withNotifiers;
        QTest::addRow("an interrupt of another thread%s", tail)
            << QStringLiteral("interrupt") << withNotifiers;
        QTest::addRow("an event of another thread%s", tail)
            << QStringLiteral("post") << withNotifiers;
        QTest::addRow("a timer%s", tail) << QStringLiteral("timer") << withNotifiers;
    }
    QTest::newRow("a descriptor") << QStringLiteral("descriptor") << true;
}

void TestDispatcherLoop::isWokenBy()
{
    QFETCH(QString, what);
    QFETCH(bool, withNotifiers);
    const Ends ends = socketPair();
    const Watch watch(ends.near, QSocketNotifier::Read);
    Receiver receiver;
    QTimer timer;
    timer.setSingleShot(true);
    if (what == u"timer")
        timer.start(30);
    QAbstractEventDispatcher *own = dispatcher();
    for (int i = 0; i < 20; ++i) {
        const WhenBlocked other([&] {
            if (what == u"wake")
                own->wakeUp();
            else if (what == u"interrupt")
                own->interrupt();
            else if (what == u"post")
                receiver.post(1);
            else if (what == u"descriptor")
                ends.far.write("x");
        });
        waitForMore(withNotifiers ? QEventLoop::AllEvents : QEventLoop::ExcludeSocketNotifiers);
        if (what == u"timer")
            break;
    }
    turn();
    QCOMPARE(receiver.received.size(), size_t(what == u"post" ? 20 : 0));
}

void TestDispatcherLoop::remembersAWakeUp_data()
{
    QTest::addColumn<bool>("interrupts");
    QTest::addColumn<bool>("withNotifiers");
    QTest::newRow("a wake-up before the wait") << false << true;
    QTest::newRow("an interrupt before the wait") << true << true;
    QTest::newRow("a wake-up before a wait without notifiers") << false << false;
    QTest::newRow("an interrupt before a wait without notifiers") << true << false;
}

void TestDispatcherLoop::remembersAWakeUp()
{
    // QEventLoop::exit() from another thread relies on this: it may come after the loop has checked
    // its flag and before it waits.
    QFETCH(bool, interrupts);
    QFETCH(bool, withNotifiers);
    for (int i = 0; i < 10; ++i) {
        if (interrupts)
            dispatcher()->interrupt();
        else
            dispatcher()->wakeUp();
        waitForMore(withNotifiers ? QEventLoop::AllEvents : QEventLoop::ExcludeSocketNotifiers);
    }
    // The same from a timer's handler, during the pass.
    QTimer timer;
    timer.setSingleShot(true);
    connect(&timer, &QTimer::timeout, this, [interrupts] {
        if (interrupts)
            dispatcher()->interrupt();
        else
            dispatcher()->wakeUp();
    });
    timer.start(1);
    while (timer.isActive())
        waitForMore();
    waitForMore(withNotifiers ? QEventLoop::AllEvents : QEventLoop::ExcludeSocketNotifiers);
}

void TestDispatcherLoop::manyWakeUpsAreOne()
{
    for (int i = 0; i < 1000; ++i)
        dispatcher()->wakeUp();
    QVERIFY(wakeUpsDuring(30ms) < fewWakeUps);
}

void TestDispatcherLoop::doesNotWaitBehindAnInterruptInAPostedEvent()
{
    Receiver receiver;
    receiver.handler = [](int) { dispatcher()->interrupt(); };
    receiver.post(1);
    waitForMore(); // hangs if it waits
    QCOMPARE(receiver.received, std::vector<int> { 1 });
}

void TestDispatcherLoop::anInterruptEndsThePass()
{
    // A posted event that quits the loop does not expect another handler to run.
    const Ends ends = socketPair();
    const Watch watch(ends.near, QSocketNotifier::Write);
    QTimer timer;
    int count = 0;
    connect(&timer, &QTimer::timeout, this, [&] { ++count; });
    timer.start(0);
    Receiver receiver;
    receiver.handler = [](int) { dispatcher()->interrupt(); };
    receiver.post(1);
    QVERIFY(!waitForMore());
    QCOMPARE(watch.count, 0);
    QCOMPARE(count, 0);
    turn();
    QCOMPARE(watch.count, 1);
    QCOMPARE(count, 1);
}

void TestDispatcherLoop::doesNotWaitBehindWorkMadeWhileAboutToBlock_data()
{
    QTest::addColumn<QString>("work");
    QTest::newRow("an event posted") << QStringLiteral("post");
    QTest::newRow("a timer started") << QStringLiteral("timer");
    QTest::newRow("a notifier enabled") << QStringLiteral("notifier");
    QTest::newRow("a wake-up") << QStringLiteral("wake");
}

void TestDispatcherLoop::doesNotWaitBehindWorkMadeWhileAboutToBlock()
{
    QFETCH(QString, work);
    Receiver receiver;
    QTimer timer;
    const Ends ends = socketPair();
    Watch watch(ends.near, QSocketNotifier::Write);
    watch.notifier->setEnabled(false);
    bool isFirst = true;
    QObject context;
    connect(dispatcher(), &QAbstractEventDispatcher::aboutToBlock, &context, [&] {
        if (!std::exchange(isFirst, false))
            return;
        if (work == u"post")
            receiver.post(1);
        else if (work == u"timer")
            timer.start(1);
        else if (work == u"notifier")
            watch.notifier->setEnabled(true);
        else
            dispatcher()->wakeUp();
    });
    waitForMore(); // hangs if it was asleep already
    QVERIFY(!isFirst);
    turn();
    QCOMPARE(receiver.received.size(), size_t(work == u"post" ? 1 : 0));
}

void TestDispatcherLoop::leavesNotifiersOut()
{
    const Ends ends = socketPair();
    const Watch watch(ends.near, QSocketNotifier::Write);
    for (int i = 0; i < 5; ++i)
        dispatcher()->processEvents(QEventLoop::ExcludeSocketNotifiers);
    QCOMPARE(watch.count, 0);
    // While it waits, events that it excludes must not wake it.
    QTimer timer;
    timer.setSingleShot(true);
    timer.start(50);
    int passes = 0;
    while (timer.isActive()) {
        waitForMore(QEventLoop::ExcludeSocketNotifiers);
        ++passes;
    }
    QVERIFY2(passes < fewWakeUps, qPrintable(QString::number(passes)));
    QCOMPARE(watch.count, 0);
    turn();
    QCOMPARE(watch.count, 1);
}

void TestDispatcherLoop::leavesTimersOut()
{
    int count = 0;
    QTimer timer;
    connect(&timer, &QTimer::timeout, this, [&] { ++count; });
    timer.start(0);
    for (int i = 0; i < 5; ++i)
        dispatcher()->processEvents(QEventLoop::X11ExcludeTimers);
    QCOMPARE(count, 0);
    QAbstractEventDispatcher *own = dispatcher();
    const WhenBlocked other([own] { own->wakeUp(); });
    waitForMore(QEventLoop::X11ExcludeTimers);
    QCOMPARE(count, 0);
    turn();
    QCOMPARE(count, 1);
}

void TestDispatcherLoop::saysWhenItBlocksAndWakes()
{
    QStringList said;
    QObject context;
    connect(dispatcher(), &QAbstractEventDispatcher::awake, &context,
            [&] { said << QStringLiteral("awake"); });
    connect(dispatcher(), &QAbstractEventDispatcher::aboutToBlock, &context,
            [&] { said << QStringLiteral("block"); });
    turn();
    QVERIFY(said.contains(u"awake"));
    QVERIFY(!said.contains(u"block"));
    said.clear();
    QTimer::singleShot(10, &context, [] {});
    waitForMore();
    turn();
    const auto blocked = said.indexOf(u"block");
    QVERIFY(blocked >= 0);
    QVERIFY(said.indexOf(u"awake", blocked) > blocked);
}

void TestDispatcherLoop::deliversPostedEventsInOrder()
{
    Receiver receiver;
    receiver.post(1);
    receiver.post(2);
    receiver.post(3, Qt::HighEventPriority);
    receiver.post(4, Qt::LowEventPriority);
    receiver.post(5);
    turn();
    QCOMPARE(receiver.received, (std::vector<int> { 3, 1, 2, 5, 4 }));
}

void TestDispatcherLoop::leavesWhatIsPostedMeanwhileForTheNextPass()
{
    Receiver receiver;
    receiver.handler = [&](int number) {
        if (number < 5)
            receiver.post(number + 1);
    };
    receiver.post(1);
    for (size_t i = 1; i < 5; ++i) {
        waitForMore(); // never blocks, because another one is posted
        QCOMPARE(receiver.received.size(), i);
    }
    turn();
    QCOMPARE(receiver.received.size(), size_t(5));
    // From a timer's handler too.
    QTimer::singleShot(1, &receiver, [&] { receiver.post(9); });
    while (receiver.received.back() != 9)
        waitForMore();
}

void TestDispatcherLoop::nestedLoopsEndFromTheInside()
{
    QEventLoop outer;
    QEventLoop inner;
    int result = -1;
    QTimer::singleShot(0, &outer, [&] {
        QTimer::singleShot(1, &inner, [&] { inner.exit(7); });
        result = inner.exec();
        outer.exit(8);
    });
    QCOMPARE(outer.exec(), 8);
    QCOMPARE(result, 7);
}

void TestDispatcherLoop::anOuterLoopThatIsToldToQuitWaitsForTheInner()
{
    for (const bool postedEvent : { true, false }) {
        QEventLoop outer;
        QEventLoop inner;
        int innerPasses = 0;
        const auto nest = [&] {
            outer.exit(1); // the inner loop is the one running
            QTimer::singleShot(5, &inner, [&] {
                ++innerPasses;
                inner.quit();
            });
            inner.exec();
        };
        if (postedEvent)
            QMetaObject::invokeMethod(&outer, nest, Qt::QueuedConnection);
        else
            QTimer::singleShot(1, &outer, nest);
        QCOMPARE(outer.exec(), 1);
        QCOMPARE(innerPasses, 1);
    }
}

void TestDispatcherLoop::aLoopMayRunAgain()
{
    QEventLoop loop;
    for (int i = 0; i < 50; ++i) {
        QMetaObject::invokeMethod(
            &loop, [&loop, i] { loop.exit(i); }, Qt::QueuedConnection);
        QCOMPARE(loop.exec(), i);
    }
}

void TestDispatcherLoop::aQuitCameFromADeeperLoop()
{
    // The quit comes through two levels of nesting and must wake the outermost.
    QEventLoop outer;
    QMetaObject::invokeMethod(
        this,
        [&] {
            QMetaObject::invokeMethod(
                this,
                [&] { QMetaObject::invokeMethod(&outer, &QEventLoop::quit, Qt::QueuedConnection); },
                Qt::QueuedConnection);
            outer.processEvents();
        },
        Qt::QueuedConnection);
    outer.exec();
    // Or from a pass inside a handler, with a wake-up just before.
    QTimer::singleShot(0, &outer, [&] {
        QTimer::singleShot(0, &outer, [&] {
            outer.wakeUp();
            QCoreApplication::processEvents();
        });
        QTimer::singleShot(0, &outer, [&] { outer.exit(); });
    });
    outer.exec();
}

void TestDispatcherLoop::aPendingDeleteOfAnOuterLoopDoesNotSpin()
{
    QPointer<QObject> dying(new QObject);
    QEventLoop outer;
    int wakeUps = -1;
    QTimer::singleShot(0, &outer, [&] {
        dying->deleteLater();
        wakeUps = wakeUpsDuring(30ms);
        QVERIFY(dying); // it is deleted after this handler has returned
        outer.quit();
    });
    outer.exec();
    QVERIFY(wakeUps < fewWakeUps);
    turn();
    QTRY_VERIFY(!dying);
}

void TestDispatcherLoop::processesForAWhile()
{
    Receiver receiver;
    receiver.handler = [&](int) { receiver.post(1); };
    receiver.post(1);
    QElapsedTimer clock;
    clock.start();
    QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
    QVERIFY(clock.elapsed() >= 19);
    QVERIFY(receiver.received.size() > 1);
}

SAMI_DISPATCHER_TEST_MAIN(TestDispatcherLoop)
#include "tst_dispatcherloop.moc"
