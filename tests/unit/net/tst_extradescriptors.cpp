// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/extradescriptors.h"

#include <QTest>

#include <atomic>
#include <thread>
#include <utility>
#include <vector>

using sami::net::ExtraDescriptors;

class TestExtraDescriptors : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void givesNoMoreThanThereAre();
    void takesBackWhatDies();
    void aLowerLimitTakesNothingAway();
    void neverMoreThanTheLimit();
};

void TestExtraDescriptors::givesNoMoreThanThereAre()
{
    ExtraDescriptors extras;
    QVERIFY(extras.take().isTaken()); // no limit yet
    extras.setLimit(2);
    const auto first = extras.take();
    const auto second = extras.take();
    QVERIFY(first.isTaken() && second.isTaken());
    QVERIFY(!extras.take().isTaken());
    QCOMPARE(extras.taken(), 2);
    extras.setLimit(0);
    QVERIFY(!extras.take().isTaken());
}

void TestExtraDescriptors::takesBackWhatDies()
{
    ExtraDescriptors extras;
    extras.setLimit(2);
    {
        auto place = extras.take();
        auto moved = std::move(place);
        place = {};
        QCOMPARE(extras.taken(), 1);
        moved = extras.take();
        QCOMPARE(extras.taken(), 1);
        moved = extras.take(); // the old one is returned at once
        QCOMPARE(extras.taken(), 1);
    }
    QCOMPARE(extras.taken(), 0);
}

void TestExtraDescriptors::aLowerLimitTakesNothingAway()
{
    ExtraDescriptors extras;
    auto first = extras.take();
    auto second = extras.take();
    extras.setLimit(1);
    QVERIFY(!extras.take().isTaken());
    first = {};
    QVERIFY(!extras.take().isTaken());
    second = {};
    QVERIFY(extras.take().isTaken());
}

void TestExtraDescriptors::neverMoreThanTheLimit()
{
    ExtraDescriptors extras;
    extras.setLimit(2);
    std::atomic<int> held { 0 };
    std::atomic<int> tooMany { 0 };
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int round = 0; round < 5000; ++round) {
                const auto place = extras.take();
                if (!place.isTaken())
                    continue;
                if (held.fetch_add(1) >= 2)
                    tooMany.fetch_add(1);
                std::this_thread::yield();
                held.fetch_sub(1);
            }
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    QCOMPARE(tooMany.load(), 0);
    QCOMPARE(extras.taken(), 0);
}

QTEST_APPLESS_MAIN(TestExtraDescriptors)
#include "tst_extradescriptors.moc"
