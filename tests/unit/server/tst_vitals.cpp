// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "route/parenthealth.h"
#include "server/proxyserver.h"
#include "server/vitals.h"
#include "serverrig.h"

#include <QTest>

#include <atomic>
#include <thread>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::server;
using namespace std::chrono_literals;
using account::EndedBy;
using account::EndedHow;

namespace {

const TimePoint start { 1'000'000s };
const WallTime wall { 500'000h };
const SocketAddress client { QHostAddress(u"192.0.2.7"_s), 40'000 };

account::FinishedWork work()
{
    account::FinishedWork work;
    work.ending = { EndedBy::Client, EndedHow::Fin };
    return work;
}

quint64 counted(const Vitals &vitals)
{
    return vitals.counted.ended[EndedBy::Client][EndedHow::Fin];
}

config::Parent parentNamed(const QByteArray &name)
{
    config::Parent parent;
    parent.kind = config::ParentKind::Http;
    parent.endpoint = { name, 3128 };
    parent.name = name;
    return parent;
}

config::Settings smallSettings()
{
    config::Settings settings;
    settings.listen = { QHostAddress(QHostAddress::LocalHost), 0 };
    settings.limits.threads = 1;
    settings.limits.maxConnections = 50;
    return settings;
}

} // namespace

class TestVitals : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void betweenRunsNothingRuns();
    void aRunningProxyIsSeen();
    void octetsAreRenewedEveryFiveSeconds();
    void nothingIsCountedUnlessSomebodyAsks();
    void whoAskedEarlierIsCountedForInTheNextRun();
    void parentsAreSeenInTheOrderOfTheSettings();
    void linesThatTheLogLostAreCounted();
    void anEngineTellsAnyThread();
};

void TestVitals::betweenRunsNothingRuns()
{
    VitalsSource source;
    source.keepMeters();
    QVERIFY(!source.read(start, wall).isRunning);
    rig::Proxy proxy;
    source.attach(proxy.shared, {}, wall);
    QVERIFY(source.read(start, wall).isRunning);
    source.detach();
    const Vitals vitals = source.read(start, wall + 1s);
    QVERIFY(!vitals.isRunning);
    QVERIFY(vitals.at == wall + 1s);
    QCOMPARE(vitals.connectionLimit, 0);
}

void TestVitals::aRunningProxyIsSeen()
{
    VitalsSource source;
    rig::Proxy proxy;
    proxy.shared.places.setLimits({ 77, 0 });
    source.attach(proxy.shared, { nullptr, wall + 24h }, wall);
    const auto live = proxy.shared.books.registry.add(client, start);
    live->phase = account::ConnectionPhase::Tunnel;
    Vitals vitals = source.read(start, wall + 5s);
    QVERIFY(!vitals.isDraining);
    QVERIFY(vitals.startedAt == wall);
    QVERIFY(vitals.certificateUntil == wall + 24h);
    QCOMPARE(vitals.connectionLimit, 77);
    QCOMPARE(vitals.census.totals.live, 1U);
    QCOMPARE(vitals.census.totals.connections, 1ULL);
    QVERIFY(vitals.parents.empty());
    QCOMPARE(vitals.blockedAddresses, 0);

    proxy.shared.draining = true;
    source.publish({});
    vitals = source.read(start, wall);
    QVERIFY(vitals.isDraining);
    QVERIFY(!vitals.certificateUntil);
    const Condition condition = source.condition(start);
    QVERIFY(condition.isRunning && condition.isDraining);
    QVERIFY(condition.startedAt == wall);
}

void TestVitals::octetsAreRenewedEveryFiveSeconds()
{
    VitalsSource source;
    rig::Proxy proxy;
    source.attach(proxy.shared, {}, wall);
    const auto live = proxy.shared.books.registry.add(client, start);
    live->traffic.countUp(10, start);
    const auto octets = [&](Clock::duration after) {
        const account::Totals totals = source.read(start + after, wall).census.totals;
        return QList<quint64> { totals.up, totals.down };
    };
    QCOMPARE(octets(0s), (QList<quint64> { 10, 0 }));
    live->traffic.countUp(10, start);
    live->traffic.countDown(3, start);
    QCOMPARE(octets(4999ms), (QList<quint64> { 10, 0 }));
    QCOMPARE(octets(5s), (QList<quint64> { 20, 3 }));
    live->traffic.countDown(1, start);
    QCOMPARE(octets(9999ms), (QList<quint64> { 20, 3 }));
    QCOMPARE(octets(10s), (QList<quint64> { 20, 4 }));
}

void TestVitals::nothingIsCountedUnlessSomebodyAsks()
{
    VitalsSource source;
    rig::Proxy proxy;
    source.attach(proxy.shared, {}, wall);
    proxy.shared.books.ledger.closed(work());
    QVERIFY2(!proxy.shared.books.meters, "a feature that is off costs nothing");
    QCOMPARE(counted(source.read(start, wall)), 0ULL);
    source.keepMeters();
    proxy.shared.books.ledger.closed(work());
    QCOMPARE(counted(source.read(start, wall)), 1ULL);
}

void TestVitals::whoAskedEarlierIsCountedForInTheNextRun()
{
    VitalsSource source;
    source.keepMeters();
    {
        rig::Proxy first;
        source.attach(first.shared, {}, wall);
        first.shared.books.ledger.closed(work());
        QCOMPARE(counted(source.read(start, wall)), 1ULL);
        source.detach();
    }
    rig::Proxy second;
    source.attach(second.shared, {}, wall);
    QCOMPARE(counted(source.read(start, wall)), 0ULL);
    second.shared.books.ledger.closed(work());
    QCOMPARE(counted(source.read(start, wall)), 1ULL);
}

void TestVitals::parentsAreSeenInTheOrderOfTheSettings()
{
    const auto health = std::make_shared<route::ParentHealth>();
    health->setParents({ parentNamed("b"), parentNamed("a") }, start);
    VitalsSource source;
    rig::Proxy proxy;
    source.attach(proxy.shared, { health, {} }, wall);
    const Vitals vitals = source.read(start, wall);
    QCOMPARE(vitals.parents.size(), std::size_t(2));
    QCOMPARE(vitals.parents[0].name, "b"_ba);
    QVERIFY(vitals.parents[0].isPreferred && !vitals.parents[1].isPreferred);
    QCOMPARE(vitals.parentSwitches, 0ULL);
}

void TestVitals::linesThatTheLogLostAreCounted()
{
    VitalsSource source;
    QCOMPARE(source.read(start, wall).lostLogLines, 0ULL);
    LogWriter full([](const QByteArray &) { return qsizetype(0); });
    logging::install(&full);
    const auto uninstall = qScopeGuard([] { logging::install(nullptr); });
    logInfo("test", "one");
    logInfo("test", "another");
    QTRY_COMPARE(source.read(start, wall).lostLogLines, 2ULL);
}

/// During its start, drain and stop.
void TestVitals::anEngineTellsAnyThread()
{
    ProxyServer engine;
    engine.keepMeters();
    QVERIFY(!engine.vitals().isRunning);
    std::atomic<bool> isOver { false };
    std::atomic<int> seenRunning { 0 };
    std::thread watcher([&] {
        while (!isOver) {
            if (engine.vitals().isRunning)
                ++seenRunning;
        }
    });
    for (int run = 1; run <= 3; ++run) {
        engine.start(smallSettings(), this, {});
        const Vitals vitals = engine.vitals();
        QVERIFY(vitals.isRunning);
        QCOMPARE(vitals.connectionLimit, 50);
        const int before = seenRunning;
        QTRY_VERIFY(seenRunning > before);
        engine.stop();
        QVERIFY(!engine.vitals().isRunning);
    }
    isOver = true;
    watcher.join();
}

QTEST_GUILESS_MAIN(TestVitals)
#include "tst_vitals.moc"
