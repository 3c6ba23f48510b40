// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "account/refusaltable.h"

#include <QSet>
#include <QTest>

#include <chrono>
#include <latch>
#include <thread>
#include <vector>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::account;
using policy::Refusal;

namespace {

const QHostAddress client(u"192.0.2.7"_s);
const WallTime start { std::chrono::hours(500'000) };

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

class TestRefusalTable : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatMakesARow_data();
    void whatMakesARow();
    void countsAndRemembersTheLast();
    void theOldestRowGoesFirst();
    void aRowThatIsThereTakesNoPlace();
    void aTableSaysWhatItHolds();
    void refusedOnManyThreads();
};

/// Each is added after ("192.0.2.7", a.test:443, Refusal::PrivateTarget).
void TestRefusalTable::whatMakesARow_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<int>("port");
    QTest::addColumn<Refusal>("reason");
    QTest::addColumn<bool>("isOwnRow");
    const auto row = [](const char *name, const QString &address, const char *host, int port,
                        Refusal reason, bool isOwnRow) {
        QTest::newRow(name) << address << QByteArray(host) << port << reason << isOwnRow;
    };
    row("the same", u"192.0.2.7"_s, "a.test", 443, Refusal::PrivateTarget, false);
    row("the same host in another case", u"192.0.2.7"_s, "A.TEST", 443, Refusal::PrivateTarget,
        false);
    row("another client", u"192.0.2.8"_s, "a.test", 443, Refusal::PrivateTarget, true);
    row("another host", u"192.0.2.7"_s, "b.test", 443, Refusal::PrivateTarget, true);
    row("another port", u"192.0.2.7"_s, "a.test", 80, Refusal::PrivateTarget, true);
    row("another reason", u"192.0.2.7"_s, "a.test", 443, Refusal::OwnAddress, true);
    row("no destination", u"192.0.2.7"_s, "", 0, Refusal::ClientNotListed, true);
}

void TestRefusalTable::whatMakesARow()
{
    QFETCH(QString, address);
    QFETCH(QByteArray, name);
    QFETCH(int, port);
    QFETCH(Refusal, reason);
    QFETCH(bool, isOwnRow);
    RefusalTable table;
    table.refused({ client, { "a.test", 443 }, Refusal::PrivateTarget, start });
    table.refused({ QHostAddress(address), { name, quint16(port) }, reason, after(1) });
    QCOMPARE(table.rows().size(), isOwnRow ? 2 : 1);
    QCOMPARE(table.total(), 2ULL);
}

void TestRefusalTable::countsAndRemembersTheLast()
{
    RefusalTable table;
    QCOMPARE(table.total(), 0ULL);
    QVERIFY(table.rows().isEmpty());
    for (int i = 0; i < 5; ++i)
        table.refused({ client, { "a.test", 443 }, Refusal::PrivateTarget, after(i) });
    const QList<RefusalRow> rows = table.rows();
    QCOMPARE(rows.size(), 1);
    QCOMPARE(rows.first().client, client);
    QCOMPARE(rows.first().destination, (Endpoint { "a.test", 443 }));
    QCOMPARE(QByteArray(toString(rows.first().reason)), "private_target"_ba);
    QCOMPARE(rows.first().count, 5ULL);
    QVERIFY(rows.first().last == after(4));
    QCOMPARE(table.total(), 5ULL);
}

void TestRefusalTable::theOldestRowGoesFirst()
{
    constexpr int capacity = RefusalTable::capacity;
    RefusalTable table;
    for (int i = 0; i < capacity; ++i)
        table.refused({ client, host(i), Refusal::PrivateTarget, after(i) });
    // The first one is refused once more, so the second is now the oldest.
    table.refused({ client, host(0), Refusal::PrivateTarget, after(capacity) });
    table.refused({ client, host(capacity), Refusal::PrivateTarget, after(capacity + 1) });
    QCOMPARE(table.rows().size(), capacity);
    QSet<QByteArray> hosts = hostsOf(table);
    QVERIFY(hosts.contains("h0"));
    QVERIFY(!hosts.contains("h1"));
    QVERIFY(hosts.contains(host(capacity).host));

    for (int i = 1; i <= 10; ++i)
        table.refused(
            { client, host(capacity + i), Refusal::PrivateTarget, after(capacity + 1 + i) });
    hosts = hostsOf(table);
    QCOMPARE(hosts.size(), capacity);
    for (int i = 2; i <= 11; ++i)
        QVERIFY2(!hosts.contains(host(i).host), host(i).host.constData());
    QVERIFY(hosts.contains("h12"));
    QVERIFY2(table.total() == capacity + 12, "what is gone stays counted");
}

void TestRefusalTable::aRowThatIsThereTakesNoPlace()
{
    constexpr int capacity = RefusalTable::capacity;
    RefusalTable table;
    for (int i = 0; i < capacity; ++i)
        table.refused({ client, host(i), Refusal::PrivateTarget, after(i) });
    for (int i = 0; i < capacity; ++i)
        table.refused({ client, host(capacity - 1), Refusal::PrivateTarget, after(capacity + i) });
    QCOMPARE(table.rows().size(), capacity);
    QVERIFY(hostsOf(table).contains("h0"));
}

void TestRefusalTable::aTableSaysWhatItHolds()
{
    RefusalTable refusals;
    RefusalTable reports(RefusalTable::Holds::Reports);
    refusals.refused({ client, host(1), Refusal::HostNotListed, start });
    reports.refused({ client, host(1), Refusal::HostNotListed, start, true });
    QVERIFY(!refusals.rows().constFirst().isReported);
    QVERIFY(reports.rows().constFirst().isReported);
}

void TestRefusalTable::refusedOnManyThreads()
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
                table.refused({ client, host(i % 10), Refusal::PrivateTarget, after(i) });
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

QTEST_APPLESS_MAIN(TestRefusalTable)
#include "tst_refusaltable.moc"
