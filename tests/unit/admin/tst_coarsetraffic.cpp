// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "account/changes.h"
#include "admin/coarsetraffic.h"

#include <QTest>

using namespace sami;
using namespace sami::admin;
using namespace std::chrono_literals;

namespace {

const TimePoint start = TimePoint() + 1h;

account::Snapshot snapshotOf(quint64 up, Clock::duration sinceUp, quint32 requests = 1)
{
    account::ConnectionSnapshot row;
    row.id = 7;
    row.up = up;
    row.sinceUp = sinceUp;
    row.sinceDown = 10s;
    row.requests = requests;
    account::Snapshot snapshot;
    snapshot.totals.up = up;
    snapshot.connections = { row };
    return snapshot;
}

} // namespace

class TstCoarseTraffic : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void octetsAreRenewedEachFiveSeconds();
    void everythingElseIsOfNow();
    void whatAgesIsNoDifference();
};

void TstCoarseTraffic::octetsAreRenewedEachFiveSeconds()
{
    CoarseTraffic coarse;
    auto seen = snapshotOf(100, 1s);
    coarse.coarsen(seen, start);
    QCOMPARE(seen.connections[0].up, 100U);
    seen = snapshotOf(200, 0s);
    coarse.coarsen(seen, start + 4999ms);
    QCOMPARE(seen.connections[0].up, 100U);
    QCOMPARE(seen.totals.up, 100U);
    QVERIFY(seen.connections[0].sinceUp == 5999ms);
    seen = snapshotOf(300, 0s);
    coarse.coarsen(seen, start + 5s);
    QCOMPARE(seen.connections[0].up, 300U);
    QCOMPARE(seen.totals.up, 300U);
    QVERIFY(seen.connections[0].sinceUp == 0s);
}

void TstCoarseTraffic::everythingElseIsOfNow()
{
    CoarseTraffic coarse;
    auto seen = snapshotOf(100, 1s);
    coarse.coarsen(seen, start);
    seen = snapshotOf(200, 0s, 2);
    coarse.coarsen(seen, start + 1s);
    QCOMPARE(seen.connections[0].requests, 2U);
    seen = {};
    coarse.coarsen(seen, start + 2s);
    QVERIFY(seen.connections.isEmpty());
    seen = snapshotOf(400, 0s);
    coarse.coarsen(seen, start + 3s);
    QCOMPARE(seen.connections[0].up, 400U); // another connection with that id
}

void TstCoarseTraffic::whatAgesIsNoDifference()
{
    CoarseTraffic coarse;
    account::ChangeTracker tracker;
    const auto changes = [&](quint64 revision, account::Snapshot snapshot, TimePoint now) {
        coarse.coarsen(snapshot, now);
        return tracker.since(revision, { account::RunState::Running, snapshot, now, 0, 0, {} })
            .changes;
    };
    auto row = [](Clock::duration age, quint64 up) {
        account::Snapshot snapshot = snapshotOf(up, 1s);
        snapshot.connections[0].age = age;
        return snapshot;
    };
    const auto first = changes(0, row(0s, 100), start);
    const auto second = changes(first.revision, row(1s, 150), start + 1s);
    QVERIFY2(second.rows.isEmpty(), "finer octets are no difference");
    const auto third = changes(second.revision, row(5s, 180), start + 5s);
    QCOMPARE(third.rows.size(), 1);
}

QTEST_GUILESS_MAIN(TstCoarseTraffic)
#include "tst_coarsetraffic.moc"
