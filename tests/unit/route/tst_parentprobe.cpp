// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "failoverworld.h"
#include "route/parenthealth.h"
#include "route/parentprobe.h"
#include "scriptedreach.h"

#include <QTest>

using namespace sami;
using namespace sami::route;
using namespace std::chrono_literals;
using test::listOf;
using test::ScriptedReach;
using test::timeout;

namespace {

struct Rig
{
    Rig()
    {
        health->setParents(listOf("s1 s2"), now);
        probe.setReach(reach.function());
    }
    void fail()
    {
        Attempt attempt = health->begin(timeout, 1, now);
        if (health->next(attempt, now))
            health->failed(attempt, ParentFault::Unreachable, now);
    }
    [[nodiscard]] QByteArray condition() const
    {
        return toString(health->overview(now).parents[0].condition);
    }
    void pass(std::chrono::seconds time)
    {
        now += time;
        probe.look();
    }

    TimePoint now = TimePoint() + 1h;
    std::shared_ptr<ParentHealth> health = std::make_shared<ParentHealth>();
    ScriptedReach reach;
    ParentProbe probe { health, nullptr, [this] { return now; } };
};

ReachedParent reached()
{
    return { {}, 7ms };
}

} // namespace

class TestParentProbe : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void looksAtNobodyWhoIsHealthy();
    void looksWhenARestIsOver();
    void bringsAParentBack();
    void tellsWhatIsWrong();
    void isWokenByAFailure();
    void stopsAtOnce();
    void outlivesItsOwner();
};

void TestParentProbe::looksAtNobodyWhoIsHealthy()
{
    Rig rig;
    rig.pass(3600s);
    QVERIFY(rig.reach.calls.isEmpty());
}

void TestParentProbe::looksWhenARestIsOver()
{
    Rig rig;
    rig.fail();
    rig.pass(9s);
    QVERIFY(rig.reach.calls.isEmpty());
    rig.pass(1s);
    QCOMPARE(rig.reach.calls.size(), 1);
    QCOMPARE(rig.reach.calls[0]->parent.name, "s1");
    QVERIFY(rig.reach.calls[0]->limit == ParentProbe::patience);
    rig.pass(60s);
    QCOMPARE(rig.reach.calls.size(), 1); // one at a time
}

void TestParentProbe::bringsAParentBack()
{
    Rig rig;
    rig.fail();
    rig.pass(10s);
    rig.reach.end(reached());
    QCOMPARE(rig.condition(), "probing");
    QVERIFY(rig.health->overview(rig.now).parents[0].latency == Clock::duration(7ms));
    for (int number = 0; number < 3; ++number) {
        rig.pass(19s);
        QCOMPARE(rig.reach.underWay(), 0);
        rig.pass(1s);
        rig.reach.end(reached());
    }
    QCOMPARE(rig.condition(), "healthy");
    rig.pass(3600s);
    QCOMPARE(rig.reach.calls.size(), 4);
}

void TestParentProbe::tellsWhatIsWrong()
{
    Rig rig;
    rig.fail();
    rig.pass(10s);
    rig.reach.end(Unexpected(ParentFault::Tls));
    QVERIFY(rig.health->overview(rig.now).parents[0].fault == ParentFault::Tls);
    QCOMPARE(rig.condition(), "resting");
    rig.pass(19s);
    QCOMPARE(rig.reach.underWay(), 0);
    rig.pass(1s);
    QCOMPARE(rig.reach.underWay(), 1);
}

void TestParentProbe::isWokenByAFailure()
{
    Rig rig;
    rig.fail(); // s1 rests, and the event loop wakes the probe
    rig.health->networkChanged(rig.now);
    QVERIFY(rig.reach.calls.isEmpty());
    QTRY_COMPARE(rig.reach.calls.size(), 1);
}

void TestParentProbe::stopsAtOnce()
{
    Rig rig;
    rig.fail();
    rig.pass(10s);
    QCOMPARE(rig.reach.underWay(), 1);
    rig.probe.stop();
    QCOMPARE(rig.reach.underWay(), 0);
    rig.health->networkChanged(rig.now);
    rig.pass(600s);
    QCOMPARE(rig.reach.calls.size(), 1);
}

void TestParentProbe::outlivesItsOwner()
{
    const auto health = std::make_shared<ParentHealth>();
    const TimePoint now = TimePoint() + 1h;
    {
        const ParentProbe probe(health);
    }
    health->setParents(listOf("s1"), now);
    Attempt attempt = health->begin(timeout, 1, now);
    QVERIFY(health->next(attempt, now));
    health->failed(attempt, ParentFault::Unreachable, now); // wakes nobody
    QCoreApplication::processEvents();
}

QTEST_GUILESS_MAIN(TestParentProbe)
#include "tst_parentprobe.moc"
