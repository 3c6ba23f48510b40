// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/drain.h"

#include <QTest>

using namespace sami;
using namespace sami::server;
using namespace std::chrono_literals;

namespace {

using Decision = Drain::Decision;
using account::ConnectionPhase;

constexpr TimePoint start { 1000s };

account::ConnectionSnapshot rowOf(ConnectionPhase phase, Clock::duration age = 1s)
{
    account::ConnectionSnapshot row;
    row.phase = phase;
    row.age = age;
    return row;
}

account::Snapshot snapshotOf(const QList<account::ConnectionSnapshot> &rows)
{
    account::Snapshot snapshot;
    snapshot.connections = rows;
    for (const account::ConnectionSnapshot &row : rows)
        snapshot.totals.tunnels += row.phase == ConnectionPhase::Tunnel;
    return snapshot;
}

} // namespace

class TstDrain : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void decides_data();
    void decides();
    void reportsEveryTwoSeconds();
    void saysWhatItWaitsFor();
    void tunnelsThatHaveJustEndedDoNotCount();
};

void TstDrain::decides_data()
{
    QTest::addColumn<int>("phase");
    QTest::addColumn<std::optional<std::chrono::milliseconds>>("grace");
    QTest::addColumn<std::chrono::milliseconds>("passed");
    QTest::addColumn<int>("decision");
    using Grace = std::optional<std::chrono::milliseconds>;
    const auto row = [](const char *name, ConnectionPhase phase, const Grace &grace,
                        std::chrono::milliseconds passed, Decision decision) {
        QTest::newRow(name) << int(phase) << grace << passed << int(decision);
    };
    row("a client that asks for nothing is not waited for", ConnectionPhase::AwaitingRequest, 10s,
        0ms, Decision::Finish);
    row("a tunnel may finish", ConnectionPhase::Tunnel, 10s, 0ms, Decision::Wait);
    row("a dial may finish", ConnectionPhase::Connecting, 10s, 0ms, Decision::Wait);
    row("an exchange may finish", ConnectionPhase::Exchange, 10s, 0ms, Decision::Wait);
    row("so may what only says its last octets", ConnectionPhase::Closing, 10s, 0ms,
        Decision::Wait);
    row("just before two seconds nothing is said", ConnectionPhase::Tunnel, 10s, 1999ms,
        Decision::Wait);
    row("after two seconds it says what it waits for", ConnectionPhase::Tunnel, 10s, 2000ms,
        Decision::Report);
    row("just before the end of the grace time", ConnectionPhase::Tunnel, 1s, 999ms,
        Decision::Wait);
    row("at the end of the grace time it cuts", ConnectionPhase::Tunnel, 1s, 1000ms, Decision::Cut);
    row("a cut needs no report", ConnectionPhase::Tunnel, 10s, 10s, Decision::Cut);
    row("a grace time of nothing cuts at once", ConnectionPhase::Tunnel, 0ms, 0ms, Decision::Cut);
    row("without a limit it waits for a day", ConnectionPhase::Tunnel, std::nullopt, 24h,
        Decision::Report);
    row("nothing left at the end of the grace time is no cut", ConnectionPhase::AwaitingRequest, 1s,
        1s, Decision::Finish);
}

void TstDrain::decides()
{
    QFETCH(const int, phase);
    QFETCH(const std::optional<std::chrono::milliseconds>, grace);
    QFETCH(const std::chrono::milliseconds, passed);
    QFETCH(const int, decision);
    Drain drain(start, grace);
    const auto look = drain.look(snapshotOf({ rowOf(ConnectionPhase(phase)) }), start + passed);
    QCOMPARE(int(look.decision), decision);
}

void TstDrain::reportsEveryTwoSeconds()
{
    Drain drain(start, std::nullopt);
    const account::Snapshot busy = snapshotOf({ rowOf(ConnectionPhase::Tunnel) });
    int reports = 0;
    for (auto passed = 0ms; passed <= 10s; passed += 50ms)
        reports += drain.look(busy, start + passed).decision == Decision::Report;
    QCOMPARE(reports, 5);
}

void TstDrain::saysWhatItWaitsFor()
{
    Drain drain(start, std::nullopt);
    const auto look = drain.look(
        snapshotOf({ rowOf(ConnectionPhase::AwaitingRequest, 900s),
                     rowOf(ConnectionPhase::Tunnel, 30s), rowOf(ConnectionPhase::Exchange, 40s),
                     rowOf(ConnectionPhase::Connecting, 2s) }),
        start + 2s);
    QCOMPARE(look.busy, 3);
    QCOMPARE(look.tunnels, 1);
    QCOMPARE(look.requests, 2);
    QVERIFY2(look.oldest == 40s, "who awaits a request is not waited for");
}

void TstDrain::tunnelsThatHaveJustEndedDoNotCount()
{
    Drain drain(start, std::nullopt);
    account::Snapshot snapshot = snapshotOf({ rowOf(ConnectionPhase::Tunnel) });
    snapshot.totals.tunnels = 2; // read before the rows, one of which is gone by now
    const auto look = drain.look(snapshot, start);
    QCOMPARE(look.tunnels, 1);
    QCOMPARE(look.requests, 0);
}

QTEST_APPLESS_MAIN(TstDrain)
#include "tst_drain.moc"
