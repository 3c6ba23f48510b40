// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "account/connectionregistry.h"

#include <QSet>
#include <QTest>

#include <atomic>
#include <chrono>
#include <latch>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::account;
using namespace std::chrono_literals;
using Phase = ConnectionPhase;

namespace {

const SocketAddress client { QHostAddress(u"192.0.2.7"_s), 40'000 };
const TimePoint start { 1'000'000s };

} // namespace

class TestConnectionRegistry : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void idsAreDrawnOnce();
    void aSnapshotIsOrdered();
    void aBornConnection();
    void whomABalancerNames();
    void ages();
    void theTextsOfTheCurrentRequest();
    void theFirstOctetOfTheCurrentRequest();
    void octetsOfWhatIsGoneStay();
    void whatIsMovedIsCountedOnce();
    void octetsOfTheShellsOwnAreNotCounted();
    void phases_data();
    void phases();
    void aCensusSaysWhereConnectionsStand();
    void aSnapshotIsACopy();
    void manyThreads();
};

void TestConnectionRegistry::idsAreDrawnOnce()
{
    ConnectionRegistry registry;
    QSet<quint64> ids;
    for (int i = 0; i < 100; ++i) {
        const auto record = registry.add(client, start);
        QVERIFY(record->id > 0);
        ids.insert(record->id);
    }
    QCOMPARE(ids.size(), 100);
    QCOMPARE(registry.accepted(), 100ULL);
    QCOMPARE(registry.totals().connections, 100ULL);
    QCOMPARE(registry.totals().live, 0U);
    QVERIFY(registry.snapshot(start).connections.isEmpty());
}

void TestConnectionRegistry::aSnapshotIsOrdered()
{
    ConnectionRegistry registry;
    std::vector<std::optional<Registration>> records;
    for (int i = 0; i < 100; ++i)
        records.emplace_back(registry.add(client, start));
    for (int i = 0; i < 100; i += 3)
        records[std::size_t(i)].reset();
    const QList<ConnectionSnapshot> rows = registry.snapshot(start).connections;
    QCOMPARE(rows.size(), 66);
    QCOMPARE(registry.totals().live, 66U);
    for (qsizetype i = 1; i < rows.size(); ++i)
        QVERIFY(rows[i - 1].id < rows[i].id);
}

void TestConnectionRegistry::aBornConnection()
{
    ConnectionRegistry registry;
    const WallTime before = WallClock::now();
    const auto record = registry.add(client, start);
    QCOMPARE(record->client(), client);
    const ConnectionSnapshot row = registry.snapshot(start + 3s).connections.constFirst();
    QVERIFY(row.connectedAt >= before && row.connectedAt <= WallClock::now());
    QCOMPARE(row.id, record->id);
    QCOMPARE(row.client, client);
    QVERIFY(row.phase == Phase::AwaitingRequest);
    QCOMPARE(row.requests, 0U);
    QVERIFY(row.user.isEmpty() && row.method.isEmpty() && row.target.isEmpty());
    QVERIFY(row.endpoint.host.isEmpty());
    QCOMPARE(row.up + row.down, 0ULL);
    QVERIFY(row.age == 3s);
    QVERIFY(!row.dial);
    QVERIFY(!row.firstByte);
}

void TestConnectionRegistry::whomABalancerNames()
{
    using Known = sami::policy::Caller::Known;
    ConnectionRegistry registry;
    const auto record = registry.add(client, start);
    QVERIFY(record->caller().known == Known::ByConnection);
    QVERIFY(!registry.snapshot(start).connections.constFirst().via);
    const SocketAddress named { QHostAddress(QStringLiteral("198.51.100.9")), 5000 };
    record->setClient(named);
    QCOMPARE(record->client(), named);
    QVERIFY(record->caller().known == Known::ByHeader);
    const ConnectionSnapshot row = registry.snapshot(start).connections.constFirst();
    QCOMPARE(row.client, named);
    QCOMPARE(row.via.value(), client.address);

    const auto other = registry.add(client, start);
    other->setUnnamed();
    QVERIFY(other->caller().known == Known::NotAtAll);
    QCOMPARE(other->caller().address, client.address);
    QVERIFY(!registry.snapshot(start).connections.constLast().via);
}

void TestConnectionRegistry::ages()
{
    ConnectionRegistry registry;
    const auto record = registry.add(client, start);
    record->traffic.beginWork(start + 10s);
    record->traffic.countUp(100, start + 12s);
    record->traffic.countDown(30, start + 19s);
    record->traffic.countDown(7, start + 20s);
    const ConnectionSnapshot row = record->snapshot(start + 25s);
    QVERIFY(row.age == 25s);
    QVERIFY(row.sinceUp == 13s);
    QVERIFY(row.sinceDown == 5s);
    QVERIFY(row.longestSilence == 7s);
    QCOMPARE(row.up, 100ULL);
    QCOMPARE(row.down, 37ULL);
    QVERIFY2(record->snapshot(start + 60s).longestSilence == 40s, "the one that lasts counts too");
}

void TestConnectionRegistry::theTextsOfTheCurrentRequest()
{
    ConnectionRegistry registry;
    const auto record = registry.add(client, start);
    record->describe(start, "first", "GET", "http://a/", { "a", 80 });
    record->setDial(31ms);
    record->requests = 1;
    ConnectionSnapshot row = record->snapshot(start);
    QCOMPARE(row.user, "first"_ba);
    QCOMPARE(row.method, "GET"_ba);
    QCOMPARE(row.target, "http://a/"_ba);
    QCOMPARE(row.endpoint, (Endpoint { "a", 80 }));
    QVERIFY(row.dial == 31ms);
    QCOMPARE(row.requests, 1U);

    record->describe(start, {}, "CONNECT", "b:443", { "b", 443 });
    row = record->snapshot(start);
    QCOMPARE(row.user, ""_ba);
    QCOMPARE(row.method, "CONNECT"_ba);
    QCOMPARE(row.target, "b:443"_ba);
    QCOMPARE(row.endpoint, (Endpoint { "b", 443 }));
    QVERIFY2(!row.dial, "the dial was the last one's");
}

void TestConnectionRegistry::theFirstOctetOfTheCurrentRequest()
{
    ConnectionRegistry registry;
    const auto record = registry.add(client, start);
    record->traffic.beginWork(start + 1s);
    record->describe(start + 1s, {}, "GET", "http://a/", { "a", 80 });
    QVERIFY(!record->snapshot(start + 2s).firstByte);
    record->traffic.countDown(1, start + 5s);
    record->traffic.countDown(1, start + 6s);
    QVERIFY(record->snapshot(start + 9s).firstByte == 4s);

    record->traffic.beginWork(start + 20s);
    record->describe(start + 20s, {}, "GET", "http://a/", { "a", 80 });
    QVERIFY(!record->snapshot(start + 21s).firstByte);
    record->traffic.countDown(1, start + 22s);
    QVERIFY(record->snapshot(start + 30s).firstByte == 2s);
}

void TestConnectionRegistry::octetsOfWhatIsGoneStay()
{
    ConnectionRegistry registry;
    std::optional<Registration> one = registry.add(client, start);
    std::optional<Registration> other = registry.add(client, start);
    (*one)->traffic.countUp(100, start);
    (*one)->traffic.countDown(1000, start);
    (*other)->traffic.countUp(20, start);
    (*other)->traffic.countDown(5, start);
    QCOMPARE(registry.totals().up, 120ULL);
    QCOMPARE(registry.totals().down, 1005ULL);
    one.reset();
    QCOMPARE(registry.totals().up, 120ULL);
    QCOMPARE(registry.totals().down, 1005ULL);
    QCOMPARE(registry.totals().live, 1U);
    QCOMPARE(registry.totals().connections, 2ULL);
    const Totals seen = registry.snapshot(start).totals;
    QCOMPARE(seen.up, 120ULL);
    QCOMPARE(seen.down, 1005ULL);
    QCOMPARE(seen.connections, 2ULL);
    (*other)->traffic.countUp(1, start);
    other.reset();
    QCOMPARE(registry.totals().up, 121ULL);
    QCOMPARE(registry.totals().live, 0U);
}

void TestConnectionRegistry::whatIsMovedIsCountedOnce()
{
    ConnectionRegistry registry;
    {
        Registration born = registry.add(client, start);
        const quint64 id = born->id;
        born->traffic.countUp(100, start);
        {
            const Registration owner = std::move(born);
            QCOMPARE(owner->id, id);
            owner->traffic.countUp(20, start);
            QCOMPARE(registry.totals().live, 1U);
        }
        QCOMPARE(registry.totals().live, 0U);
        QCOMPARE(registry.totals().up, 120ULL);
    }
    QCOMPARE(registry.totals().up, 120ULL);
}

void TestConnectionRegistry::octetsOfTheShellsOwnAreNotCounted()
{
    ConnectionRegistry registry;
    registry.expectOwn(client);
    {
        const Registration own = registry.add(client, start);
        QVERIFY(own->isOwn);
        own->traffic.countUp(100, start);
        QCOMPARE(registry.totals().live, 0U);
        QCOMPARE(registry.snapshot(start).totals.live, 0U);
    }
    QCOMPARE(registry.totals().up, 0ULL);
    QCOMPARE(registry.accepted(), 0ULL);
}

void TestConnectionRegistry::phases_data()
{
    QTest::addColumn<Phase>("phase");
    QTest::addColumn<int>("tunnels");
    QTest::addColumn<int>("exchanges");
    QTest::newRow("one that waits is neither") << Phase::AwaitingRequest << 0 << 0;
    QTest::newRow("one that is dialled is an exchange") << Phase::Connecting << 0 << 1;
    QTest::newRow("an exchange") << Phase::Exchange << 0 << 1;
    QTest::newRow("a tunnel") << Phase::Tunnel << 1 << 0;
    QTest::newRow("one that closes is neither") << Phase::Closing << 0 << 0;
}

void TestConnectionRegistry::phases()
{
    QFETCH(Phase, phase);
    QFETCH(int, tunnels);
    QFETCH(int, exchanges);
    ConnectionRegistry registry;
    const auto record = registry.add(client, start);
    const auto waiting = registry.add(client, start);
    record->phase = phase;
    QVERIFY(record->snapshot(start).phase == phase);
    const Totals totals = registry.totals();
    QCOMPARE(totals.live, 2U);
    QCOMPARE(int(totals.tunnels), tunnels);
    QCOMPARE(int(totals.exchanges), exchanges);
    const Totals seen = registry.snapshot(start).totals;
    QCOMPARE(seen.live, 2U);
    QCOMPARE(int(seen.tunnels), tunnels);
    QCOMPARE(int(seen.exchanges), exchanges);
}

void TestConnectionRegistry::aCensusSaysWhereConnectionsStand()
{
    ConnectionRegistry registry;
    const SocketAddress own { QHostAddress(u"192.0.2.7"_s), 40'001 };
    registry.expectOwn(own);
    const auto waiting = registry.add(client, start);
    const auto tunnel = registry.add(client, start);
    const auto another = registry.add(client, start);
    const auto shells = registry.add(own, start);
    tunnel->phase = another->phase = shells->phase = Phase::Tunnel;
    tunnel->entrance = another->entrance = Entrance { FrontKind::Socks5, TlsVersion::Tls13 };
    const Census census = registry.census();
    QCOMPARE(census.totals.live, 3U);
    QCOMPARE(census.live[Phase::AwaitingRequest][FrontKind::Http][TlsVersion::None], 1U);
    QCOMPARE(census.live[Phase::Tunnel][FrontKind::Socks5][TlsVersion::Tls13], 2U);
    quint32 all = 0;
    for (const Phase phase : enumValues<Phase>()) {
        for (const FrontKind front : enumValues<FrontKind>()) {
            for (const TlsVersion tls : enumValues<TlsVersion>())
                all += census.live[phase][front][tls];
        }
    }
    QCOMPARE(all, 3U);
}

/// A snapshot does not change when the connection changes or ends.
void TestConnectionRegistry::aSnapshotIsACopy()
{
    ConnectionRegistry registry;
    QList<ConnectionSnapshot> rows;
    {
        const auto record = registry.add(client, start);
        record->describe(start, "sami", "GET", "http://a/", { "a", 80 });
        rows = registry.snapshot(start).connections;
        record->describe(start, {}, "CONNECT", "b:443", { "b", 443 });
    }
    QCOMPARE(rows.constFirst().user, "sami"_ba);
    QCOMPARE(rows.constFirst().target, "http://a/"_ba);
}

/// Workers add, change and remove their records while another thread takes snapshots.
void TestConnectionRegistry::manyThreads()
{
    constexpr int each = 5000;
    constexpr int workerCount = 3;
    ConnectionRegistry registry;
    std::atomic<bool> isOver { false };
    std::atomic<int> mixed { 0 };
    std::latch together(workerCount + 1);
    std::thread reader([&] {
        together.arrive_and_wait();
        while (!isOver) {
            static_cast<void>(registry.totals());
            for (const ConnectionSnapshot &row : registry.snapshot(start + 1s).connections) {
                if (row.method + '/' != row.target)
                    mixed += row.method.isEmpty() ? 0 : 1;
            }
        }
    });
    std::vector<std::thread> workers;
    for (int worker = 0; worker < workerCount; ++worker) {
        workers.emplace_back([&registry, &together] {
            together.arrive_and_wait();
            for (int i = 0; i < each; ++i) {
                const auto record = registry.add(client, start);
                for (const char *text : { "one", "another" }) {
                    record->describe(start, {}, text, QByteArray(text) + '/', {});
                    record->phase = Phase::Exchange;
                    record->traffic.countUp(1, start);
                    record->setDial(1ms);
                }
            }
        });
    }
    for (std::thread &worker : workers)
        worker.join();
    isOver = true;
    reader.join();
    QCOMPARE(mixed.load(), 0);
    QCOMPARE(registry.accepted(), quint64(workerCount * each));
    QCOMPARE(registry.totals().up, quint64(2 * workerCount * each));
    QCOMPARE(registry.totals().live, 0U);
}

QTEST_APPLESS_MAIN(TestConnectionRegistry)
#include "tst_connectionregistry.moc"
