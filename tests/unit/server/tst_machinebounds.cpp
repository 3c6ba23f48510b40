// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/tlshandshake.h"
#include "server/machinebounds.h"

#include <QTest>

using sami::server::MachineBounds;

namespace {

constexpr qint64 gigabyte = qint64(1) << 30;

} // namespace

class TestMachineBounds : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void descriptors_data();
    void descriptors();
    void fitsIntoAnyLimit();
    void growsWithTheLimit();
    void makesWayForOtherDoors();
    void memory_data();
    void memory();
};

void TestMachineBounds::descriptors_data()
{
    QTest::addColumn<qint64>("limit");
    QTest::addColumn<int>("workers");
    QTest::addColumn<qint64>("connections");
    QTest::addColumn<int>("extras");
    QTest::addColumn<int>("heard");
    QTest::addColumn<int>("lookups");
    QTest::addColumn<int>("pipes");
    QTest::addColumn<qint64>("idle");

    // clang-format off
    QTest::newRow("hopelessly few: one connection all the same")
        << qint64(16) << 8 << qint64(1) << 1 << 2 << 1 << 0 << qint64(1);
    QTest::newRow("64") << qint64(64) << 2 << qint64(2) << 4 << 4 << 2 << 1 << qint64(4);
    QTest::newRow("200") << qint64(200) << 2 << qint64(45) << 12 << 12 << 6 << 3 << qint64(12);
    QTest::newRow("256, many workers")
        << qint64(256) << 8 << qint64(55) << 16 << 16 << 8 << 4 << qint64(4);
    QTest::newRow("1,024") << qint64(1024) << 2 << qint64(319) << 64 << 16 << 32 << 16 << qint64(64);
    QTest::newRow("65,536")
        << qint64(65536) << 8 << qint64(28993) << 4096 << 16 << 64 << 64 << qint64(256);
    QTest::newRow("no limit to speak of")
        << qint64(1 << 30) << 8 << qint64(494926657) << (1 << 26) << 16 << 64 << 64 << qint64(256);
    // clang-format on
}

void TestMachineBounds::descriptors()
{
    QFETCH(qint64, limit);
    QFETCH(int, workers);
    const MachineBounds bounds = MachineBounds::of(limit, 64 * gigabyte, workers);
    QTEST(bounds.connections, "connections");
    QTEST(bounds.extras, "extras");
    QTEST(bounds.heard, "heard");
    QTEST(bounds.lookups, "lookups");
    QTEST(bounds.pipes, "pipes");
    QTEST(bounds.idleUpstreams, "idle");
}

void TestMachineBounds::fitsIntoAnyLimit()
{
    for (const int workers : { 1, 2, 8, 64 }) {
        // Less than what one worker and one connection need cannot be helped.
        const qint64 least = MachineBounds::of(0, gigabyte, workers).descriptors(workers);
        for (qint64 limit = 2 * least; limit < 20'000; ++limit) {
            const qint64 used = MachineBounds::of(limit, gigabyte, workers).descriptors(workers);
            QVERIFY2(used <= limit,
                     qPrintable(
                         QStringLiteral("%1 of %2, %3 workers").arg(used).arg(limit).arg(workers)));
        }
    }
}

void TestMachineBounds::growsWithTheLimit()
{
    qint64 before = 0;
    for (qint64 limit = 64; limit < (1 << 20); limit *= 2) {
        const MachineBounds bounds = MachineBounds::of(limit, gigabyte, 4);
        QVERIFY(bounds.connections >= before);
        before = bounds.connections;
        // From 256 on, at least two fifths are for connections, whatever else there is.
        if (limit >= 256)
            QVERIFY(bounds.connections * 2 >= limit * 2 / 5);
    }
}

void TestMachineBounds::makesWayForOtherDoors()
{
    const MachineBounds many = MachineBounds::of(1024, gigabyte, 2);
    QCOMPARE(many.connectionsBeside(0), many.connections);
    QCOMPARE(many.connectionsBeside(39), many.connections - 20);
    QCOMPARE(many.connectionsBeside(40), many.connections - 20);
    QCOMPARE(MachineBounds::of(64, gigabyte, 2).connectionsBeside(40), qint64(1));
}

void TestMachineBounds::memory_data()
{
    QTest::addColumn<qint64>("memory");
    QTest::addColumn<qint64>("octets");
    QTest::addColumn<qint64>("idle");
    QTest::newRow("a sixteenth of little")
        << gigabyte / 4 << gigabyte / 64 << gigabyte / 64 / sami::net::tlsLegCost / 2;
    QTest::newRow("64 MB of much") << 64 * gigabyte << gigabyte / 16 << qint64(256);
}

void TestMachineBounds::memory()
{
    QFETCH(qint64, memory);
    const MachineBounds bounds = MachineBounds::of(65536, memory, 2);
    QTEST(bounds.keptInputBytes, "octets");
    QTEST(bounds.pendingBytes, "octets");
    QCOMPARE(bounds.tlsLegBytes, memory / 8);
    QCOMPARE(bounds.tlsClientBytes, memory / 8);
    QTEST(bounds.idleUpstreams, "idle");
}

QTEST_APPLESS_MAIN(TestMachineBounds)
#include "tst_machinebounds.moc"
