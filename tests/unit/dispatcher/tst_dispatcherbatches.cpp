// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Several descriptors are ready at once, and the first handler changes the state of the others. An
// event that is no longer true must not be delivered.
#include "dispatchers.h"

#include <QEventLoop>
#include <QRegularExpression>
#include <QTest>
#include <QTimer>

#include <algorithm>
#include <random>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

using namespace sami::test;
using namespace std::chrono_literals;

namespace {

Ends ready()
{
    Ends ends = socketPair();
    ends.far.write("x");
    return ends;
}

/// A number of sockets with something to read, each with a watch.
struct Crowd
{
    explicit Crowd(int size)
    {
        for (int i = 0; i < size; ++i) {
            ends.push_back(ready());
            watches.push_back(std::make_unique<Watch>(ends.back().near, QSocketNotifier::Read));
        }
    }

    [[nodiscard]] int activations() const
    {
        int sum = 0;
        for (const auto &watch : watches)
            sum += watch ? watch->count : 0;
        return sum;
    }

    std::vector<Ends> ends;
    std::vector<std::unique_ptr<Watch>> watches;
};

} // namespace

class TestDispatcherBatches : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aNotifierMayDieInItsOwnHandler();
    void aNotifierMayDieInAnothersHandler_data();
    void aNotifierMayDieInAnothersHandler();
    void aReusedNumberGetsNoStaleEvent_data();
    void aReusedNumberGetsNoStaleEvent();
    void aReusedNumberGetsNoStaleEventOfItsOtherHalf();
    void aNumberReusedUnderItsNotifierIsWatchedAnew_data();
    void aNumberReusedUnderItsNotifierIsWatchedAnew();
    void aCloseBeforeTheNotifierGoesHarmsNobody();
    void aDuplicateThatLivesOnDoesNotSpin_data();
    void aDuplicateThatLivesOnDoesNotSpin();
    void aNestedLoopTakesWhatTheBatchHeld();
    void aNotifierMayDieInANestedLoop();
    void aHandlerIsEnteredAgainInANestedLoop();
    void whatIsMadeInAHandlerWaitsForTheNextPass();
    void quittingLosesNoEvent();
    void everyoneIsServed();
    void thousandsAreWatched();
};

void TestDispatcherBatches::aNotifierMayDieInItsOwnHandler()
{
    Crowd crowd(20);
    int deaths = 0;
    for (auto &watch : crowd.watches)
        watch->handler = [&watch, &deaths] {
            ++deaths;
            watch->notifier.reset();
        };
    QVERIFY(loopUntil([&] { return deaths == 20; }));
    QVERIFY(wakeUpsDuring(30ms) < fewWakeUps);
    QCOMPARE(deaths, 20);
}

void TestDispatcherBatches::aNotifierMayDieInAnothersHandler_data()
{
    QTest::addColumn<QString>("how");
    QTest::newRow("deleted") << QStringLiteral("delete");
    QTest::newRow("disabled") << QStringLiteral("disable");
    QTest::newRow("deleted, its descriptor closed") << QStringLiteral("close");
    QTest::newRow("its descriptor closed, then deleted") << QStringLiteral("close first");
    QTest::newRow("set to another descriptor") << QStringLiteral("set");
    QTest::newRow("disabled and enabled again") << QStringLiteral("toggle");
}

void TestDispatcherBatches::aNotifierMayDieInAnothersHandler()
{
    QFETCH(QString, how);
    Crowd crowd(8);
    const Ends silent = socketPair();
    int handled = 0;
    for (size_t self = 0; self < crowd.watches.size(); ++self)
        crowd.watches[self]->handler = [&, self] {
            if (++handled > 1)
                return;
            for (size_t i = 0; i < crowd.watches.size(); ++i) {
                auto &notifier = crowd.watches[i]->notifier;
                if (i == self) {
                    notifier->setEnabled(false);
                } else if (how == u"delete") {
                    notifier.reset();
                } else if (how == u"disable") {
                    notifier->setEnabled(false);
                } else if (how == u"close") {
                    notifier.reset();
                    crowd.ends[i].near.close();
                } else if (how == u"close first") {
                    crowd.ends[i].near.close();
                    notifier.reset();
                } else if (how == u"set") {
                    notifier->setSocket(silent.near.number());
                } else {
                    notifier->setEnabled(false);
                    notifier->setEnabled(true);
                }
            }
        };
    turn();
    // A notifier that was disabled and enabled again waits for the next pass, like a new one.
    QCOMPARE(handled, 1);
    turn();
    QCOMPARE(handled, how == u"toggle" ? 8 : 1);
}

void TestDispatcherBatches::aReusedNumberGetsNoStaleEvent_data()
{
    QTest::addColumn<bool>("sameNotifier");
    QTest::newRow("with a new notifier") << false;
    QTest::newRow("with the same notifier, enabled again") << true;
}

void TestDispatcherBatches::aReusedNumberGetsNoStaleEvent()
{
    QFETCH(bool, sameNotifier);
    Crowd crowd(8);
    std::vector<Ends> fresh;
    for (int i = 0; i < 8; ++i)
        fresh.push_back(socketPair());
    int handled = 0;
    size_t first = 0;
    for (size_t self = 0; self < crowd.watches.size(); ++self)
        crowd.watches[self]->handler = [&, self] {
            if (++handled > 1)
                return;
            first = self;
            for (size_t i = 0; i < crowd.watches.size(); ++i) {
                Watch &watch = *crowd.watches[i];
                if (i == self) {
                    watch.notifier->setEnabled(false);
                    continue;
                }
                if (sameNotifier)
                    watch.notifier->setEnabled(false);
                else
                    watch.notifier.reset();
                // The number lives on, but now means a silent socket.
                crowd.ends[i].near.becomes(fresh[i].near);
                if (sameNotifier)
                    watch.notifier->setEnabled(true);
                else
                    crowd.watches[i] =
                        std::make_unique<Watch>(crowd.ends[i].near, QSocketNotifier::Read);
            }
        };
    turn();
    QCOMPARE(handled, 1);
    QVERIFY(wakeUpsDuring(30ms) < fewWakeUps);
    QCOMPARE(crowd.activations(), 1);
    // Each hears its new peer, and nothing else.
    for (size_t i = 0; i < crowd.watches.size(); ++i) {
        if (i == first)
            continue;
        Watch &watch = *crowd.watches[i];
        watch.handler = [&watch] { watch.notifier->setEnabled(false); };
        fresh[i].far.write("x");
        QVERIFY(loopUntil([&] { return watch.count == 1; }));
    }
}

void TestDispatcherBatches::aReusedNumberGetsNoStaleEventOfItsOtherHalf()
{
    // A descriptor that is ready both ways; the first of its two handlers replaces it.
    for (const bool replacedByReader : { true, false }) {
        Ends ends = ready();
        Ends fresh = socketPair();
        fresh.near.fill();
        auto reading = std::make_unique<Watch>(ends.near, QSocketNotifier::Read);
        auto writing = std::make_unique<Watch>(ends.near, QSocketNotifier::Write);
        bool isReplaced = false;
        const auto replace = [&] {
            if (std::exchange(isReplaced, true))
                return;
            reading->notifier.reset();
            writing->notifier.reset();
            ends.near.becomes(fresh.near);
            reading->notifier =
                std::make_unique<QSocketNotifier>(ends.near.number(), QSocketNotifier::Read);
            writing->notifier =
                std::make_unique<QSocketNotifier>(ends.near.number(), QSocketNotifier::Write);
            for (auto *watch : { reading.get(), writing.get() })
                connect(watch->notifier.get(), &QSocketNotifier::activated, this,
                        [watch] { ++watch->count; });
        };
        if (replacedByReader)
            reading->handler = replace;
        else
            writing->handler = replace;
        turn();
        QVERIFY(isReplaced);
        const int before = reading->count + writing->count;
        QVERIFY(wakeUpsDuring(30ms) < fewWakeUps);
        QCOMPARE(reading->count + writing->count, before);
        fresh.far.write("x");
        const int readBefore = reading->count;
        turn();
        QCOMPARE(reading->count, readBefore + 1);
    }
}

void TestDispatcherBatches::aNumberReusedUnderItsNotifierIsWatchedAnew_data()
{
    QTest::addColumn<bool>("sameType");
    QTest::newRow("by a notifier of the same type") << true;
    QTest::newRow("by a notifier of another type") << false;
}

void TestDispatcherBatches::aNumberReusedUnderItsNotifierIsWatchedAnew()
{
    // A descriptor was closed while its notifier lived on. The kernel has dropped the entry; a
    // table that still counts the number as watched would leave the next owner deaf.
    QFETCH(bool, sameType);
    Ends forgotten = socketPair();
    forgotten.near.fill();
    auto old = std::make_unique<Watch>(forgotten.near, QSocketNotifier::Write);
    turn();
    Ends ends = socketPair();
    forgotten.near.becomes(ends.near);
    if (sameType)
        QTest::ignoreMessage(QtWarningMsg,
                             QRegularExpression(QStringLiteral("Multiple socket notifiers")));
    Watch watch(forgotten.near, sameType ? QSocketNotifier::Write : QSocketNotifier::Read);
    ends.far.write("x");
    turn();
    QCOMPARE(watch.count, 1);
    if (sameType && runsOnQt())
        QTest::ignoreMessage(QtWarningMsg,
                             QRegularExpression(QStringLiteral("Multiple socket notifiers")));
    old.reset();
    turn();
    QCOMPARE(watch.count, 2);
}

void TestDispatcherBatches::aCloseBeforeTheNotifierGoesHarmsNobody()
{
    Crowd crowd(4);
    for (size_t i = 0; i < 3; ++i) {
        crowd.ends[i].near.close();
        crowd.watches[i].reset();
    }
    turn();
    QCOMPARE(crowd.watches[3]->count, 1);
    // Another descriptor takes the number before the old notifier is destroyed: the new one stays.
    Ends ends = socketPair();
    auto old = std::make_unique<Watch>(ends.near, QSocketNotifier::Exception);
    const Ends other = ready();
    ends.near.becomes(other.near);
    const Watch watch(ends.near, QSocketNotifier::Read);
    old.reset();
    turn();
    QCOMPARE(watch.count, 1);
}

void TestDispatcherBatches::aDuplicateThatLivesOnDoesNotSpin_data()
{
    QTest::addColumn<bool>("closedFirst");
    QTest::newRow("the notifier goes before the close") << false;
    QTest::newRow("the notifier goes after the close") << true;
}

void TestDispatcherBatches::aDuplicateThatLivesOnDoesNotSpin()
{
    // epoll watches the file, not the number: while a duplicate keeps the file open, a closed
    // number keeps reporting unless it was removed before.
    QFETCH(bool, closedFirst);
    Ends ends = ready();
    const Descriptor duplicate(::dup(ends.near.number()));
    auto watch = std::make_unique<Watch>(ends.near, QSocketNotifier::Read);
    turn();
    QCOMPARE(watch->count, 1);
    if (closedFirst)
        ends.near.close();
    watch.reset();
    ends.near.close();
    QVERIFY(wakeUpsDuring(60ms) < fewWakeUps);
    // A new owner of the number gets each event once.
    Ends other = socketPair();
    Watch next(other.near, QSocketNotifier::Read, [&] { other.near.readAll(); });
    QVERIFY(wakeUpsDuring(30ms) < fewWakeUps);
    QCOMPARE(next.count, 0);
    other.far.write("x");
    QVERIFY(loopUntil([&] { return next.count == 1; }));
    // The duplicate can be watched by itself.
    Watch last(duplicate, QSocketNotifier::Read);
    turn();
    QCOMPARE(last.count, 1);
}

void TestDispatcherBatches::aNestedLoopTakesWhatTheBatchHeld()
{
    Crowd crowd(8);
    int depth = 0;
    for (size_t i = 0; i < crowd.watches.size(); ++i)
        crowd.watches[i]->handler = [&, i] {
            crowd.ends[i].near.readAll();
            if (depth++ == 0)
                turn();
        };
    turn();
    // Once each: the outer pass must not serve again what the nested pass has served.
    for (const auto &watch : crowd.watches)
        QCOMPARE(watch->count, 1);
}

void TestDispatcherBatches::aNotifierMayDieInANestedLoop()
{
    Crowd crowd(8);
    int handled = 0;
    for (auto &watch : crowd.watches)
        watch->handler = [&] {
            if (++handled == 1) {
                QEventLoop loop;
                QTimer::singleShot(0, &loop, [&] {
                    for (auto &other : crowd.watches)
                        other->notifier.reset();
                    loop.quit();
                });
                loop.exec();
            }
        };
    turn();
    const int before = handled;
    QVERIFY(wakeUpsDuring(30ms) < fewWakeUps);
    QCOMPARE(handled, before);
}

void TestDispatcherBatches::aHandlerIsEnteredAgainInANestedLoop()
{
    // Unlike a timer's: waitForReadyRead() inside a slot gets its data this way.
    const Ends ends = ready();
    Watch watch(ends.near, QSocketNotifier::Read);
    watch.handler = [&watch] {
        if (watch.count < 3)
            turn();
        else
            watch.notifier->setEnabled(false);
    };
    turn();
    QCOMPARE(watch.count, 3);
}

void TestDispatcherBatches::whatIsMadeInAHandlerWaitsForTheNextPass()
{
    const Ends first = ready();
    const Ends second = ready();
    std::unique_ptr<Watch> made;
    Watch watch(first.near, QSocketNotifier::Read, [&] {
        if (!made)
            made = std::make_unique<Watch>(second.near, QSocketNotifier::Read);
    });
    turn();
    QCOMPARE(made->count, 0);
    turn();
    QCOMPARE(made->count, 1);
}

void TestDispatcherBatches::quittingLosesNoEvent()
{
    Crowd crowd(50);
    QEventLoop loop;
    for (size_t i = 0; i < crowd.watches.size(); ++i)
        crowd.watches[i]->handler = [&, i] {
            crowd.ends[i].near.readAll();
            loop.quit();
        };
    for (int rounds = 0; rounds < 50 && crowd.activations() < 50; ++rounds)
        loop.exec();
    for (const auto &watch : crowd.watches)
        QCOMPARE(watch->count, 1);
}

void TestDispatcherBatches::everyoneIsServed()
{
    // Nobody reads, so all stay ready: more than any batch can hold.
    const int size = qMin(1500, (raiseDescriptorLimit(3200) - 100) / 2);
    Crowd crowd(size);
    const auto allServed = [&] {
        for (const auto &watch : crowd.watches)
            if (watch->count == 0)
                return false;
        return true;
    };
    int turns = 0;
    while (!allServed()) {
        turn();
        QVERIFY(++turns < 100);
    }
    for (const auto &watch : crowd.watches)
        QVERIFY(watch->count <= turns);
}

void TestDispatcherBatches::thousandsAreWatched()
{
    const int pairs = std::min(3000, (raiseDescriptorLimit(6200) - 100) / 2);
    std::vector<Ends> ends;
    std::vector<std::unique_ptr<Watch>> watches;
    for (int i = 0; i < pairs; ++i) {
        ends.push_back(socketPair());
        watches.push_back(std::make_unique<Watch>(ends.back().near, QSocketNotifier::Read));
        Watch *watch = watches.back().get();
        watch->handler = [&ends, i] { ends[size_t(i)].near.readAll(); };
    }
    std::mt19937 random(1);
    std::vector<int> expected(size_t(pairs), 0);
    for (int i = 0; i < 200; ++i) {
        const size_t chosen = random() % size_t(pairs);
        ends[chosen].far.write("x");
        ++expected[chosen];
        QVERIFY(loopUntil([&] { return watches[chosen]->count == expected[chosen]; }));
    }
    for (size_t i = 0; i < size_t(pairs); ++i)
        QCOMPARE(watches[i]->count, expected[i]);
    // Remove them in any order; the remaining ones still hear.
    std::vector<size_t> order(static_cast<size_t>(pairs));
    for (size_t i = 0; i < order.size(); ++i)
        order[i] = i;
    std::shuffle(order.begin(), order.end(), random);
    for (size_t i = 0; i + 1 < order.size(); ++i)
        watches[order[i]].reset();
    ends[order.back()].far.write("x");
    QVERIFY(loopUntil([&] { return watches[order.back()]->count == expected[order.back()] + 1; }));
}

SAMI_DISPATCHER_TEST_MAIN(TestDispatcherBatches)
#include "tst_dispatcherbatches.moc"
