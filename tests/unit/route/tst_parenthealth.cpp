// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "failoverworld.h"
#include "logrig.h"
#include "route/parenthealth.h"

#include <QTest>

#include <atomic>
#include <thread>
#include <vector>

using namespace sami;
using namespace sami::route;
using namespace std::chrono_literals;
using test::listOf;
using test::timeout;

namespace {

/// A journey on which the first parent asked fails.
void fail(ParentHealth &health, ParentFault fault, TimePoint now)
{
    Attempt attempt = health.begin(timeout, 1, now);
    if (health.next(attempt, now))
        health.failed(attempt, fault, now);
}

} // namespace

class TestParentHealth : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void saysEachSwitchOnce();
    void showsShellsHowParentsStand();
    void wakesWhoProbes();
    void isSharedByThreads();
};

void TestParentHealth::saysEachSwitchOnce()
{
    const TimePoint now = TimePoint() + 1h;
    rig::Log log;
    ParentHealth health;
    health.setParents(listOf("s1 s2"), now);
    fail(health, ParentFault::Unreachable, now); // s1
    fail(health, ParentFault::Overloaded, now);  // s2
    fail(health, ParentFault::Unreachable, now); // s1 again: no news
    for (const auto time : { 10s, 30s, 50s, 70s }) {
        for (const Failover::Probe &probe : health.takeDueProbes(now + time)) {
            if (probe.parent.name == "s2")
                health.probed(probe, Clock::duration(1ms), now + time);
        }
    }
    const QList<QJsonObject> lines = log.objects();
    QCOMPARE(lines.size(), 3);
    QCOMPARE(lines[0][QLatin1String("message")].toString().toUtf8(),
             "a parent has failed: new requests go another way");
    QCOMPARE(lines[0][QLatin1String("level")].toString().toUtf8(), "info");
    QCOMPARE(lines[0][QLatin1String("from")].toString().toUtf8(), "s1");
    QCOMPARE(lines[0][QLatin1String("to")].toString().toUtf8(), "s2");
    QCOMPARE(lines[0][QLatin1String("failed")].toString().toUtf8(), "s1");
    QCOMPARE(lines[0][QLatin1String("why")].toString().toUtf8(), "unreachable");
    QCOMPARE(lines[1][QLatin1String("message")].toString().toUtf8(),
             "no parent is healthy: trying each of them anyway");
    QCOMPARE(lines[1][QLatin1String("level")].toString().toUtf8(), "error");
    QCOMPARE(lines[1][QLatin1String("why")].toString().toUtf8(), "overloaded");
    QVERIFY(!lines[1].contains(QLatin1String("to")));
    QCOMPARE(lines[2][QLatin1String("message")].toString().toUtf8(),
             "a parent is healthy again: new requests go through it");
    QCOMPARE(lines[2][QLatin1String("to")].toString().toUtf8(), "s2");
    QVERIFY(!lines[2].contains(QLatin1String("why")));
}

void TestParentHealth::showsShellsHowParentsStand()
{
    const TimePoint now = TimePoint() + 1h;
    ParentHealth health;
    QVERIFY(health.overview(now).parents.empty());
    health.setParents(listOf("s1 s2"), now);
    QCOMPARE(health.overview(now).switches, quint64(0));
    fail(health, ParentFault::TimedOut, now);
    const ParentsOverview overview = health.overview(now);
    QCOMPARE(overview.parents.size(), size_t(2));
    QVERIFY(overview.parents[0].condition == ParentCondition::Resting);
    QVERIFY(overview.parents[1].isPreferred);
    QCOMPARE(overview.switches, quint64(1));
    QCOMPARE(overview.last.to, "s2");
}

void TestParentHealth::wakesWhoProbes()
{
    const TimePoint now = TimePoint() + 1h;
    ParentHealth health;
    int woken = 0;
    health.setWaker([&woken] { ++woken; });
    health.setParents(listOf("s1 s2"), now);
    QCOMPARE(woken, 0);
    fail(health, ParentFault::Unreachable, now); // s1 is due in 10 s
    QCOMPARE(woken, 1);
    fail(health, ParentFault::Unreachable, now + 1s); // s2, a second later
    QCOMPARE(woken, 1);
    health.networkChanged(now + 2s); // both at once
    QCOMPARE(woken, 2);
    health.setWaker({});
    health.networkChanged(now + 1s);
    QCOMPARE(woken, 2);
}

void TestParentHealth::isSharedByThreads()
{
    const TimePoint now = TimePoint() + 1h;
    ParentHealth health;
    health.setParents(listOf("s1 s2 direct"), now);
    std::atomic<int> journeys { 0 };
    std::vector<std::thread> threads;
    for (int number = 0; number < 4; ++number) {
        threads.emplace_back([&health, &journeys, now] {
            for (int second = 0; second < 500; ++second) {
                const TimePoint then = now + std::chrono::seconds(second);
                Attempt attempt = health.begin(timeout, size_t(second), then);
                while (health.next(attempt, then)) {
                    if (second % 3 == 0) {
                        health.done(attempt, std::nullopt, then);
                        break;
                    }
                    health.failed(attempt, ParentFault::Unreachable, then);
                }
                for (const Failover::Probe &probe : health.takeDueProbes(then))
                    health.probed(probe, Unexpected(ParentFault::TimedOut), then);
                static_cast<void>(health.overview(then));
                ++journeys;
            }
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    QCOMPARE(journeys.load(), 2000);
    QVERIFY(health.overview(now).switches > 0);
}

QTEST_APPLESS_MAIN(TestParentHealth)
#include "tst_parenthealth.moc"
