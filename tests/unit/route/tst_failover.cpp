// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "failoverworld.h"

#include <QTest>

#include <set>
#include <utility>
#include <vector>

using namespace sami;
using namespace sami::route;
using namespace std::chrono_literals;
using config::Parent;

using test::listOf;
using test::textOf;
using test::timeout;
using test::World;

class TestFailover : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void meansByAFault_data();
    void meansByAFault();
    void isNeverWeaker_data();
    void isNeverWeaker();
    void restsNobodyWhoAnsweredOthersMeanwhile_data();
    void restsNobodyWhoAnsweredOthersMeanwhile();
    void countsLatenessFromTheTurn();
    void trustsAgainWhoIsHealthy();
    void asksInOrder();
    void asksWhoRestsWhenNobodyElseIsLeft();
    void asksNobodyBesideDirect();
    void shutsOutWhoRefusesCredentials();
    void sharesTheTime_data();
    void sharesTheTime();
    void endsWithTheTime();
    void keepsARecordOverNewSettings();
    void asksNobodyWhoHasLeftTheSettings();
    void tellsOfSwitches();
    void saysHowEachStands();
    void neverFlaps();
};

void TestFailover::meansByAFault_data()
{
    QTest::addColumn<QByteArray>("fault");
    QTest::addColumn<QByteArray>("asked");
    QTest::addColumn<QByteArray>("condition");
    QTest::addColumn<QByteArray>("left");
    const auto row = [](const char *name, const char *fault, const char *asked,
                        const char *condition, const char *left) {
        QTest::newRow(name) << QByteArray(fault) << QByteArray(asked) << QByteArray(condition)
                            << QByteArray(left);
    };
    row("who is not reached rests, the next is asked", "unreachable", "s1 h2", "resting", "over");
    row("who is late rests, the next is asked", "timed_out", "s1 h2", "resting", "over");
    row("who answers nonsense rests, the next is asked", "malformed", "s1 h2", "resting", "over");
    row("who is overloaded rests, the next is asked", "overloaded", "s1 h2", "resting", "over");
    row("who cannot show that it is itself rests, nobody weaker is asked", "tls", "s1", "resting",
        "only weaker");
    row("who has another key than the pinned one rests, nobody weaker is asked", "wrong_pin", "s1",
        "resting", "only weaker");
    row("who is late with TLS rests, nobody weaker is asked", "tls_late", "s1", "resting",
        "only weaker");
    row("who is silent about one destination stays, the next is asked", "silent", "s1 h2",
        "healthy", "over");
    row("who refuses our credentials is shut out, nobody is asked", "credentials", "s1", "shut_out",
        "credentials refused");
    row("what is said of a destination is the answer", "destination", "s1", "healthy", "over");
    row("what this machine lacks is nobody's fault", "ourselves", "s1", "healthy", "over");
    row("a success is the end", "ok", "s1", "healthy", "over");
}

void TestFailover::meansByAFault()
{
    QFETCH(QByteArray, fault);
    World world("s1 h2");
    QTEST(world.journey("s1=" + fault + " h2=ok"), "asked");
    QTEST(world.condition("s1"), "condition");
    QTEST(textOf(world.left), "left");
    QCOMPARE(world.condition("h2"), "healthy");
}

void TestFailover::isNeverWeaker_data()
{
    QTest::addColumn<QByteArray>("list");
    QTest::addColumn<QByteArray>("faults");
    QTest::addColumn<QByteArray>("asked"); // by the journey with these faults
    QTest::addColumn<QByteArray>("next");  // by the next journey
    const auto row = [](const char *name, const char *list, const char *faults, const char *asked,
                        const char *next) {
        QTest::newRow(name) << QByteArray(list) << QByteArray(faults) << QByteArray(asked)
                            << QByteArray(next);
    };
    row("a wrong pin leads nobody out directly", "s1 direct", "s1=wrong_pin", "s1", "s1");
    row("a wrong pin leads nobody out in clear text", "s1 h2", "s1=wrong_pin", "s1", "s1");
    row("another parent with TLS follows", "s1 h2 s3 direct", "s1=tls s3=ok", "s1 s3", "s3 s1");
    row("two wrong pins, and nobody follows", "s1 s2 h3 direct", "s1=wrong_pin s2=wrong_pin",
        "s1 s2", "s1 s2");
    row("what the list prefers in clear text stays preferred", "h1 s2 direct",
        "h1=unreachable s2=tls", "h1 s2", "h1 s2");
    row("who cannot be reached bars nobody", "s1 h2 direct", "h2=destination", "s1 h2",
        "h2 direct");
    row("direct follows who cannot be reached", "s1 direct", "direct=destination", "s1 direct",
        "direct");
    row("without direct in the list nothing goes directly", "h1 h2", "", "h1 h2", "h1 h2");
}

void TestFailover::isNeverWeaker()
{
    QFETCH(QByteArray, list);
    QFETCH(QByteArray, faults);
    World world(list);
    QTEST(world.journey(faults), "asked");
    world.now += 1s;
    QTEST(world.order(), "next");
}

void TestFailover::restsNobodyWhoAnsweredOthersMeanwhile_data()
{
    QTest::addColumn<QByteArray>("others"); // what s1 was for the journey of another meanwhile
    QTest::addColumn<QByteArray>("late");
    QTest::addColumn<QByteArray>("next"); // by the late journey
    QTest::addColumn<QByteArray>("condition");
    const auto row = [](const char *name, const char *others, const char *late, const char *next,
                        const char *condition) {
        QTest::newRow(name) << QByteArray(others) << QByteArray(late) << QByteArray(next)
                            << QByteArray(condition);
    };
    row("others got through: it is busy", "ok", "timed_out", "h2", "healthy");
    row("others were told of their destination: it is busy", "destination", "timed_out", "h2",
        "healthy");
    row("others got through: its TLS is busy, and nobody weaker is asked", "ok", "tls_late", "",
        "healthy");
    row("nobody got through: it rests", "silent", "timed_out", "h2", "resting");
    row("nobody got through: it cannot show that it is itself", "silent", "tls_late", "",
        "resting");
    row("a wrong pin is no lateness", "ok", "wrong_pin", "", "resting");
}

void TestFailover::restsNobodyWhoAnsweredOthersMeanwhile()
{
    QFETCH(QByteArray, others);
    QFETCH(QByteArray, late);
    World world("s1 h2");
    Attempt attempt = world.failover.begin(timeout, 1, world.now);
    QCOMPARE(world.ask(attempt), "s1");
    world.now += 1s;
    world.journey("s1=" + others + " h2=ok", 2);
    world.now += 4s;
    world.failover.failed(attempt, test::faultOf(late), world.now);
    QTEST(world.ask(attempt), "next");
    QTEST(world.condition("s1"), "condition");
    // Nobody else goes another way for it.
    if (world.condition("s1") == "healthy")
        QCOMPARE(world.switches(), "");
}

void TestFailover::countsLatenessFromTheTurn()
{
    World world("s1 h2");
    Attempt attempt = world.failover.begin(timeout, 1, world.now);
    QCOMPARE(world.ask(attempt), "s1");
    world.now += 1s;
    world.journey("s1=ok", 2);
    world.now += 1s;
    attempt.turnCame(world.now);
    world.now += 3s;
    world.failover.failed(attempt, ParentFault::TimedOut, world.now);
    QCOMPARE(world.condition("s1"), "resting");
}

void TestFailover::trustsAgainWhoIsHealthy()
{
    World world("s1 direct");
    QCOMPARE(world.journey("s1=tls"), "s1");
    // One good probe must not lead out in clear text: an attacker on the way could let it pass.
    world.pass(60s);
    QCOMPARE(world.condition("s1"), "probing");
    QCOMPARE(world.order(), "s1");
    world.pass(10s);
    QCOMPARE(world.condition("s1"), "healthy");
    QCOMPARE(world.order(), "s1 direct");
}

void TestFailover::asksInOrder()
{
    World world("s1 s2 s3");
    QCOMPARE(world.order(), "s1 s2 s3");
    QCOMPARE(world.journey("s2=ok"), "s1 s2");
    QCOMPARE(world.order(), "s2 s3 s1");
    world.pass(69s); // probes at 10, 30, 50, 70
    QCOMPARE(world.order(), "s2 s3 s1");
    world.pass(1s);
    QCOMPARE(world.order(), "s1 s2 s3");
}

void TestFailover::asksWhoRestsWhenNobodyElseIsLeft()
{
    World world("s1 s2 s3");
    QCOMPARE(world.journey("s2=ok"), "s1 s2");
    world.now += 2s;
    QCOMPARE(world.journey(), "s2 s3 s1"); // s1's rest ends first
    QCOMPARE(world.order(), "s1 s2 s3");
    QCOMPARE(textOf(world.left), "none answers");
    // The parent that has been well longest is asked first, although it is last in the list.
    world.now += 1s;
    QCOMPARE(world.journey("s3=ok"), "s1 s2 s3");
    world.now += 1s;
    QCOMPARE(world.order(), "s3 s1 s2");
    QCOMPARE(world.journey("s3=unreachable s1=ok"), "s3 s1");
    QCOMPARE(world.order(), "s1 s2 s3");
}

void TestFailover::asksNobodyBesideDirect()
{
    World world("s1 direct");
    QCOMPARE(world.journey("direct=ok"), "s1 direct");
    // So it gets all of the time, although s1 is resting and could be asked.
    Attempt attempt = world.failover.begin(timeout, 1, world.now);
    QVERIFY(world.failover.next(attempt, world.now)->share == timeout);
    // A failure of the direct way is the destination's, and s1 is asked again when it is well.
    QCOMPARE(world.journey("direct=unreachable"), "direct");
    QCOMPARE(world.condition("direct"), "healthy");
    QCOMPARE(textOf(world.left), "over");
}

void TestFailover::shutsOutWhoRefusesCredentials()
{
    World world("s1 s2");
    QCOMPARE(world.journey("s1=credentials"), "s1");
    QCOMPARE(world.journey("s2=credentials"), "s2");
    QCOMPARE(world.journey(), "");
    QCOMPARE(textOf(world.left), "credentials refused");
    world.pass(600s);
    QCOMPARE(world.journey(), "");
    world.failover.setParents(listOf("s1 s2"), world.now);
    QCOMPARE(world.order(), "s1 s2");
}

void TestFailover::sharesTheTime_data()
{
    QTest::addColumn<QByteArray>("list");
    QTest::addColumn<int>("whole");
    QTest::addColumn<QList<int>>("shares"); // each uses up its share
    QTest::newRow("the only one has it all") << QByteArray("s1") << 15000 << QList { 15000 };
    QTest::newRow("the first of two has a third")
        << QByteArray("s1 s2") << 15000 << QList { 5000, 10000 };
    QTest::newRow("three have a third each")
        << QByteArray("s1 s2 s3") << 15000 << QList { 5000, 5000, 5000 };
    QTest::newRow("direct has what is left")
        << QByteArray("s1 direct") << 15000 << QList { 5000, 10000 };
    QTest::newRow("of five each has a fifth")
        << QByteArray("s1 s2 s3 s4 s5") << 15000 << QList { 3000, 3000, 3000, 3000, 3000 };
    QTest::newRow("of many each has enough to be reached")
        << QByteArray("s1 s2 s3 s4 s5 s6 s7 s8") << 8000 << QList { 2000, 2000, 2000, 2000 };
    QTest::newRow("a third is the limit where time is short")
        << QByteArray("s1 s2 s3 s4") << 3000 << QList { 1000, 1000, 1000 };
}

void TestFailover::sharesTheTime()
{
    QFETCH(QByteArray, list);
    QFETCH(int, whole);
    QFETCH(QList<int>, shares);
    World world(list);
    Attempt attempt = world.failover.begin(std::chrono::milliseconds(whole), 1, world.now);
    QList<int> given;
    while (const auto candidate = world.failover.next(attempt, world.now)) {
        given.append(int(candidate->share.count()));
        world.now += candidate->share;
        world.failover.failed(attempt, ParentFault::TimedOut, world.now);
    }
    QCOMPARE(given, shares);
}

void TestFailover::endsWithTheTime()
{
    World world("s1 s2");
    Attempt attempt = world.failover.begin(timeout, 1, world.now);
    QCOMPARE(world.ask(attempt), "s1");
    world.now += 13'001ms; // whatever took so long
    world.failover.failed(attempt, ParentFault::TimedOut, world.now);
    QCOMPARE(world.ask(attempt), ""); // s2 would look dead for lack of time
    QCOMPARE(textOf(attempt.nobodyLeft()), "none answers");
    QCOMPARE(world.condition("s2"), "healthy");
}

void TestFailover::keepsARecordOverNewSettings()
{
    World world("s1 s2 direct");
    QCOMPARE(world.journey("s1=tls s2=ok"), "s1 s2");
    QList<Parent> list = listOf("s3 s1 direct");
    list[1].name = "renamed";
    world.failover.setParents(list, world.now);
    QCOMPARE(world.condition("renamed"), "resting");
    QCOMPARE(world.order(), "s3 renamed"); // direct is still barred
    list[1].pins = { QByteArray(32, 'p') };
    world.failover.setParents(list, world.now);
    QCOMPARE(world.condition("renamed"), "healthy"); // it counts as another parent now
}

void TestFailover::asksNobodyWhoHasLeftTheSettings()
{
    World world("s1 s2 direct");
    Attempt attempt = world.failover.begin(timeout, 1, world.now);
    QCOMPARE(world.ask(attempt), "s1");
    world.failover.setParents(listOf("s3 s1 s4"), world.now);
    world.failover.failed(attempt, ParentFault::Unreachable, world.now);
    QCOMPARE(world.condition("s1"), "resting"); // it is still in the list
    QCOMPARE(world.ask(attempt), "");           // not s2 or direct; s3 is not in this attempt's
                                                // list
    Attempt another = world.failover.begin(timeout, 1, world.now);
    QCOMPARE(world.ask(another), "s3");
    world.failover.setParents(listOf("s1"), world.now);
    world.failover.failed(another, ParentFault::Credentials, world.now); // about nobody in the list
    QCOMPARE(world.condition("s1"), "resting");
}

void TestFailover::tellsOfSwitches()
{
    World world("s1 s2");
    QCOMPARE(world.switches(), "");
    world.journey("s2=ok");
    QCOMPARE(world.switches(), "s1>s2:s1 unreachable");
    world.journey("s2=ok");
    QCOMPARE(world.switches(), "");
    world.journey("s2=overloaded");
    QCOMPARE(world.switches(), "s2>:s2 overloaded");
    world.journey("s1=ok"); // one sign is not enough to count as well
    QCOMPARE(world.switches(), "");
    world.pass(60s);
    QCOMPARE(world.switches(), ">s1:s1 well");
    world.failover.setParents(listOf("s3 s1"), world.now);
    QCOMPARE(world.switches(), "");
    world.journey("s3=credentials");
    QCOMPARE(world.switches(), "s3>s1:s3 credentials");
    // A wrong pin of a parent that was already left bars the parent it was left for.
    World other("s1 direct");
    other.journey("direct=ok");
    QCOMPARE(other.switches(), "s1>direct:s1 unreachable");
    other.now += 10s;
    for (const Failover::Probe &probe : other.failover.takeDueProbes(other.now))
        other.failover.probed(probe, Unexpected(ParentFault::Tls), other.now);
    QCOMPARE(other.switches(), "direct>:s1 tls");
}

void TestFailover::saysHowEachStands()
{
    World world("s1 h2 s3");
    world.journey("s1=tls s3=ok");
    world.now += 4s;
    const WallTime until { std::chrono::hours(500'000) };
    world.failover.sawCertificate(test::parentOf("s3"), until);
    const std::vector<ParentState> states = world.failover.states(world.now);
    QCOMPARE(states.size(), size_t(3));
    QCOMPARE(states[0].name, "s1");
    QCOMPARE(QByteArray(toString(states[0].condition)), "resting");
    QVERIFY(states[0].fault == ParentFault::Tls);
    QVERIFY(states[0].rest == Clock::duration(6s));
    QVERIFY(!states[0].isPreferred && !states[0].isBarred);
    QVERIFY(states[1].isBarred && !states[1].isPreferred && !states[1].fault);
    QVERIFY(states[2].isPreferred && !states[2].isBarred);
    QVERIFY(states[2].certificateUntil == until && !states[0].certificateUntil);
    world.journey("s3=credentials");
    QVERIFY(world.state("s3").fault == ParentFault::Credentials);
}

void TestFailover::neverFlaps()
{
    // The parent is up for a while and down for a while, over and over, and is asked each second.
    for (const int period : { 2, 7, 15, 40, 59, 75, 140 }) {
        World world("s1 s2");
        std::vector<std::pair<TimePoint, QByteArray>> changes;
        for (int second = 0; second < 7200; ++second) {
            const bool isDead = (second / period) % 2 == 0;
            world.now += 1s;
            world.probe(isDead ? std::set<QByteArray> { "s1" } : std::set<QByteArray> {});
            world.journey(isDead ? "s1=unreachable s2=ok" : "s1=ok s2=ok");
            for (const Switch &change : world.failover.takeSwitches())
                changes.emplace_back(world.now, change.to);
        }
        for (size_t i = 1; i < changes.size(); ++i) {
            if (changes[i].second == "s1")
                QVERIFY2(changes[i].first - changes[i - 1].first >= 60s, "it came back early");
        }
        // Its gaps are longer than those between probes, so it is never well for a minute.
        if (period > 20 && period < 60)
            QCOMPARE(changes.size(), size_t(1));
        // Otherwise each relapse doubles the time, up to 300 s and 60 s.
        QVERIFY2(changes.size() <= 2 * (6 + 7200 / 360), "it came back too often");
    }
}

QTEST_APPLESS_MAIN(TestFailover)
#include "tst_failover.moc"
