// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/traffic.h"

#include <QTest>

using namespace sami;
using namespace sami::net;
using namespace std::chrono_literals;

class TestTraffic : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void countsEachDirection();
    void remembersTheLongestSilence();
    void theRunningSilenceCounts();
    void newWorkStartsWithoutSilence();
};

void TestTraffic::countsEachDirection()
{
    const TimePoint start = TimePoint() + 1h;
    Traffic traffic(start);
    QCOMPARE(traffic.lastActivity(), start);
    traffic.countUp(10, start + 1s);
    traffic.countUp(5, start + 2s);
    traffic.countDown(100, start + 4s);
    QCOMPARE(traffic.up(), 15U);
    QCOMPARE(traffic.down(), 100U);
    QCOMPARE(traffic.lastUp(), start + 2s);
    QCOMPARE(traffic.lastDown(), start + 4s);
    QCOMPARE(traffic.lastActivity(), start + 4s);
}

void TestTraffic::remembersTheLongestSilence()
{
    const TimePoint start = TimePoint() + 1h;
    Traffic traffic(start);
    traffic.countUp(1, start + 1s);
    traffic.countDown(1, start + 8s); // 7 s
    traffic.countUp(1, start + 9s);
    QCOMPARE(traffic.longestSilence(start + 10s), 7s);
}

void TestTraffic::theRunningSilenceCounts()
{
    const TimePoint start = TimePoint() + 1h;
    Traffic traffic(start);
    traffic.countUp(1, start + 3s);
    QCOMPARE(traffic.longestSilence(start + 5s), 3s);
    QCOMPARE(traffic.longestSilence(start + 60s), 57s);
}

void TestTraffic::newWorkStartsWithoutSilence()
{
    const TimePoint start = TimePoint() + 1h;
    Traffic traffic(start);
    traffic.countUp(7, start + 1s);
    traffic.beginWork(start + 70s); // the minute between two requests counts as nobody's silence
    QCOMPARE(traffic.longestSilence(start + 71s), 1s);
    QCOMPARE(traffic.lastActivity(), start + 70s);
    QCOMPARE(traffic.up(), 7U);
}

QTEST_GUILESS_MAIN(TestTraffic)
#include "tst_traffic.moc"
