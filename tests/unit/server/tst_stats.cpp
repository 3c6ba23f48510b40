// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/stats.h"

#include <QSet>
#include <QTest>

#include <algorithm>
#include <chrono>
#include <latch>
#include <thread>
#include <vector>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::server;

namespace {

const QHostAddress client(u"192.0.2.7"_s);
const WallTime start { std::chrono::hours(500'000) };

FinishedWork workOf(quint64 id)
{
    FinishedWork work;
    work.id = id;
    return work;
}

WallTime after(int seconds)
{
    return start + std::chrono::seconds(seconds);
}

Endpoint host(int number)
{
    return { "h" + QByteArray::number(number), 443 };
}

QSet<QByteArray> hostsOf(const RefusalTable &table)
{
    QSet<QByteArray> hosts;
    for (const RefusalRow &row : table.rows())
        hosts.insert(row.destination.host);
    return hosts;
}

} // namespace

class TestStats : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theLastFinished_data();
    void theLastFinished();
    void keepsTheWholeWork();
    void finishedOnManyThreads();
    void whatMakesARow_data();
    void whatMakesARow();
    void countsAndRemembersTheLast();
    void theOldestRowGoesFirst();
    void aRowThatIsThereTakesNoPlace();
    void aTableSaysWhatItHolds();
    void refusedOnManyThreads();
};

void TestStats::theLastFinished_data()
{
    QTest::addColumn<int>("count");
    const int capacity = FinishedLog::capacity;
    QTest::newRow("none") << 0;
    QTest::newRow("one") << 1;
    QTest::newRow("nearly as many as there is room for") << capacity - 1;
    QTest::newRow("as many as there is room for") << capacity;
    QTest::newRow("one more") << capacity + 1;
    QTest::newRow("twice as many") << 2 * capacity;
    QTest::newRow("many more") << 3 * capacity + capacity / 3;
}

/// recent() begins with the oldest; total() counts those that are gone too.
void TestStats::theLastFinished()
{
    QFETCH(int, count);
    FinishedLog log;
    for (int i = 1; i <= count; ++i)
        log.add(workOf(quint64(i)));
    QCOMPARE(log.total(), quint64(count));
    const QList<FinishedWork> recent = log.recent();
    QCOMPARE(recent.size(), std::min<qsizetype>(count, FinishedLog::capacity));
    for (qsizetype i = 0; i < recent.size(); ++i)
        QCOMPARE(recent[i].id, quint64(count - recent.size() + i + 1));
}

void TestStats::keepsTheWholeWork()
{
    FinishedLog log;
    FinishedWork work = workOf(7);
    work.user = "sami";
    work.target = "a:443";
    work.up = 1;
    work.down = 2;
    work.by = EndedBy::Upstream;
    work.how = EndedHow::Reset;
    work.reason = "code";
    log.add(work);
    const FinishedWork kept = log.recent().constFirst();
    QCOMPARE(kept.user, work.user);
    QCOMPARE(kept.target, work.target);
    QCOMPARE(kept.up, work.up);
    QCOMPARE(kept.down, work.down);
    QVERIFY(kept.by == work.by);
    QVERIFY(kept.how == work.how);
    QCOMPARE(kept.reason, work.reason);
}

void TestStats::finishedOnManyThreads()
{
    constexpr int each = 20'000;
    constexpr int threadCount = 4;
    FinishedLog log;
    std::latch together(threadCount);
    std::vector<std::thread> threads;
    for (quint64 thread = 1; thread <= threadCount; ++thread) {
        threads.emplace_back([&log, &together, thread] {
            together.arrive_and_wait();
            for (int i = 0; i < each; ++i) {
                log.add(workOf(thread));
                if (i % 1000 == 0)
                    static_cast<void>(log.recent());
            }
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    QCOMPARE(log.total(), quint64(threadCount * each));
    QCOMPARE(log.recent().size(), FinishedLog::capacity);
}

/// Each is added after ("192.0.2.7", a.test:443, "private_target").
void TestStats::whatMakesARow_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<int>("port");
    QTest::addColumn<QByteArray>("reason");
    QTest::addColumn<bool>("isOwnRow");
    const auto row = [](const char *name, const QString &address, const char *host, int port,
                        const char *reason, bool isOwnRow) {
        QTest::newRow(name) << address << QByteArray(host) << port << QByteArray(reason)
                            << isOwnRow;
    };
    row("the same", u"192.0.2.7"_s, "a.test", 443, "private_target", false);
    row("the same host in another case", u"192.0.2.7"_s, "A.TEST", 443, "private_target", false);
    row("another client", u"192.0.2.8"_s, "a.test", 443, "private_target", true);
    row("another host", u"192.0.2.7"_s, "b.test", 443, "private_target", true);
    row("another port", u"192.0.2.7"_s, "a.test", 80, "private_target", true);
    row("another reason", u"192.0.2.7"_s, "a.test", 443, "own_address", true);
    row("no destination", u"192.0.2.7"_s, "", 0, "client_not_listed", true);
}

void TestStats::whatMakesARow()
{
    QFETCH(QString, address);
    QFETCH(QByteArray, name);
    QFETCH(int, port);
    QFETCH(QByteArray, reason);
    QFETCH(bool, isOwnRow);
    RefusalTable table;
    table.add(client, { "a.test", 443 }, "private_target", start);
    table.add(QHostAddress(address), { name, quint16(port) }, reason, after(1));
    QCOMPARE(table.rows().size(), isOwnRow ? 2 : 1);
    QCOMPARE(table.total(), 2ULL);
}

void TestStats::countsAndRemembersTheLast()
{
    RefusalTable table;
    QCOMPARE(table.total(), 0ULL);
    QVERIFY(table.rows().isEmpty());
    for (int i = 0; i < 5; ++i)
        table.add(client, { "a.test", 443 }, "private_target", after(i));
    const QList<RefusalRow> rows = table.rows();
    QCOMPARE(rows.size(), 1);
    QCOMPARE(rows.first().client, client);
    QCOMPARE(rows.first().destination, (Endpoint { "a.test", 443 }));
    QCOMPARE(rows.first().reason, "private_target"_ba);
    QCOMPARE(rows.first().count, 5ULL);
    QVERIFY(rows.first().last == after(4));
    QCOMPARE(table.total(), 5ULL);
}

void TestStats::theOldestRowGoesFirst()
{
    constexpr int capacity = RefusalTable::capacity;
    RefusalTable table;
    for (int i = 0; i < capacity; ++i)
        table.add(client, host(i), "private_target", after(i));
    // The first one is asked for once more: now the second is the oldest.
    table.add(client, host(0), "private_target", after(capacity));
    table.add(client, host(capacity), "private_target", after(capacity + 1));
    QCOMPARE(table.rows().size(), capacity);
    QSet<QByteArray> hosts = hostsOf(table);
    QVERIFY(hosts.contains("h0"));
    QVERIFY(!hosts.contains("h1"));
    QVERIFY(hosts.contains(host(capacity).host));

    for (int i = 1; i <= 10; ++i)
        table.add(client, host(capacity + i), "private_target", after(capacity + 1 + i));
    hosts = hostsOf(table);
    QCOMPARE(hosts.size(), capacity);
    for (int i = 2; i <= 11; ++i)
        QVERIFY2(!hosts.contains(host(i).host), host(i).host.constData());
    QVERIFY(hosts.contains("h12"));
    QVERIFY2(table.total() == capacity + 12, "what is gone stays counted");
}

void TestStats::aRowThatIsThereTakesNoPlace()
{
    constexpr int capacity = RefusalTable::capacity;
    RefusalTable table;
    for (int i = 0; i < capacity; ++i)
        table.add(client, host(i), "private_target", after(i));
    for (int i = 0; i < capacity; ++i)
        table.add(client, host(capacity - 1), "private_target", after(capacity + i));
    QCOMPARE(table.rows().size(), capacity);
    QVERIFY(hostsOf(table).contains("h0"));
}

void TestStats::aTableSaysWhatItHolds()
{
    RefusalTable refusals;
    RefusalTable reports(RefusalTable::Holds::Reports);
    refusals.add(client, host(1), "host_not_listed", start);
    reports.add(client, host(1), "host_not_listed", start);
    QVERIFY(!refusals.rows().constFirst().isReported);
    QVERIFY(reports.rows().constFirst().isReported);
}

void TestStats::refusedOnManyThreads()
{
    constexpr int each = 20'000;
    constexpr int threadCount = 4;
    RefusalTable table;
    std::latch together(threadCount);
    std::vector<std::thread> threads;
    for (int thread = 0; thread < threadCount; ++thread) {
        threads.emplace_back([&table, &together] {
            together.arrive_and_wait();
            for (int i = 0; i < each; ++i) {
                table.add(client, host(i % 10), "private_target", after(i));
                if (i % 1000 == 0)
                    static_cast<void>(table.rows());
            }
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    QCOMPARE(table.total(), quint64(threadCount * each));
    quint64 counted = 0;
    for (const RefusalRow &row : table.rows())
        counted += row.count;
    QCOMPARE(counted, quint64(threadCount * each));
    QCOMPARE(table.rows().size(), 10);
}

QTEST_APPLESS_MAIN(TestStats)
#include "tst_stats.moc"
