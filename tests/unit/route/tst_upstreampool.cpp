// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "rawpeer.h"
#include "route/upstreampool.h"

#include <QTest>

#include <vector>

using namespace sami;
using namespace sami::net;
using namespace sami::route;
using namespace std::chrono_literals;
using sami::test::RawPeer;

namespace {

const UpstreamKey plainKey { false, { "example.com", 80 } };

bool hasOctet(ByteStream &stream)
{
    char octet = 0;
    return stream.read(&octet, 1).status == ByteStream::ReadResult::Status::Data;
}

void addKinds(const char *rule = "")
{
    QTest::addColumn<bool>("portable");
    QTest::addRow("%son a descriptor", rule) << false;
    QTest::addRow("%son Qt's socket", rule) << true;
}

} // namespace

UpstreamConnection connection(const UpstreamKey &key, StreamPtr stream)
{
    UpstreamConnection made;
    made.key = key;
    made.stream = std::move(stream);
    return made;
}

class TestUpstreamPool : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void givesBackWhatWasPut_data() { addKinds(); }
    void givesBackWhatWasPut();
    void distinguishesKeys_data();
    void distinguishesKeys();
    void distinguishesRoutes_data();
    void distinguishesRoutes();
    void givesTheMostRecentFirst();
    void keepsAtMostEightOfAKey();
    void keepsAtMostSoManyInAll();
    void dropsWhatEnds_data();
    void dropsWhatEnds();
    void checksForLifeBeforeGiving_data();
    void checksForLifeBeforeGiving();
    void dropsWhatIsIdleForLong();
    void heedsWhatTheOriginTold_data();
    void heedsWhatTheOriginTold();
    void clearClosesAll();
    void refusesWhatIsOver();
    void refusesWhatIsBound();
    void refusesWhatWasMended();
    void refusesWhatOtherRulesLetBe();
};

void TestUpstreamPool::givesBackWhatWasPut()
{
    QFETCH(bool, portable);
    auto [stream, peer] = test::makePair(portable);
    const ByteStream *address = stream.get();
    UpstreamPool pool;
    pool.put(connection(plainKey, std::move(stream)));
    QCOMPARE(pool.size(), 1);
    QTest::qWait(1); // the pool's watch must not disturb it
    const UpstreamConnection taken = pool.take(plainKey);
    QCOMPARE(taken.stream.get(), address);
    QVERIFY(taken.isReused);
    QVERIFY(!taken.stream->isReadEnabled());
    QCOMPARE(pool.size(), 0);
    QVERIFY(!pool.take(plainKey).stream);
    QVERIFY(taken.stream->write("GET"));
    QTRY_COMPARE(peer->received, "GET");
    // It no longer belongs to the pool.
    taken.stream->setReadEnabled(true);
    peer->send("200");
    bool isRead = false;
    QTRY_VERIFY((isRead = isRead || hasOctet(*taken.stream)));
}

void TestUpstreamPool::distinguishesKeys_data()
{
    QTest::addColumn<bool>("tls");
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<quint16>("port");
    QTest::addColumn<bool>("found");
    const QByteArray host = "example.com";
    QTest::newRow("B§6: the same scheme, host and port") << false << host << quint16(80) << true;
    QTest::newRow("B§6: the host in another case")
        << false << QByteArray("EXAMPLE.com") << quint16(80) << true;
    QTest::newRow("B§6: another scheme") << true << host << quint16(80) << false;
    QTest::newRow("B§6: another host")
        << false << QByteArray("example.org") << quint16(80) << false;
    QTest::newRow("B§6: another port") << false << host << quint16(81) << false;
}

void TestUpstreamPool::distinguishesKeys()
{
    QFETCH(bool, tls);
    QFETCH(QByteArray, host);
    QFETCH(quint16, port);
    QFETCH(bool, found);
    auto [stream, peer] = test::makePair(false);
    UpstreamPool pool;
    pool.put(connection(plainKey, std::move(stream)));
    QCOMPARE(bool(pool.take({ tls, { host, port } }).stream), found);
}

void TestUpstreamPool::distinguishesRoutes_data()
{
    QTest::addColumn<QByteArray>("asked");
    QTest::addColumn<QByteArray>("made");
    QTest::addColumn<bool>("found");
    QTest::newRow("a request that goes directly, a direct connection")
        << QByteArray() << QByteArray() << true;
    QTest::newRow("a request that goes by a proxy, a connection by that proxy")
        << QByteArray("home") << QByteArray("home") << true;
    QTest::newRow("a request that goes by a proxy, a direct connection")
        << QByteArray("home") << QByteArray() << false;
    QTest::newRow("a request that goes directly, a connection by a proxy")
        << QByteArray() << QByteArray("home") << false;
    QTest::newRow("a request that goes by one proxy, a connection by another")
        << QByteArray("home") << QByteArray("away") << false;
}

void TestUpstreamPool::distinguishesRoutes()
{
    QFETCH(QByteArray, asked);
    QFETCH(QByteArray, made);
    QFETCH(bool, found);
    const auto keyBy = [](const QByteArray &name) {
        UpstreamKey key = plainKey;
        if (!name.isEmpty())
            key.route = Route(name, { name + ".example", 8443 }, {});
        return key;
    };
    QCOMPARE(qHash(keyBy(asked)) == qHash(keyBy(made)), found);
    auto [stream, peer] = test::makePair(false);
    UpstreamPool pool;
    pool.put(connection(keyBy(made), std::move(stream)));
    QCOMPARE(bool(pool.take(keyBy(asked)).stream), found);
}

void TestUpstreamPool::givesTheMostRecentFirst()
{
    UpstreamPool pool;
    auto [first, firstPeer] = test::makePair(false);
    auto [second, secondPeer] = test::makePair(false);
    const ByteStream *secondAddress = second.get();
    pool.put(connection(plainKey, std::move(first)));
    pool.put(connection(plainKey, std::move(second)));
    QCOMPARE(pool.take(plainKey).stream.get(), secondAddress);
}

void TestUpstreamPool::keepsAtMostEightOfAKey()
{
    UpstreamPool pool;
    std::vector<std::unique_ptr<RawPeer>> peers;
    for (int i = 0; i < UpstreamPool::maxPerKey + 2; ++i) {
        test::Pair pair = test::makePair(false);
        peers.push_back(std::move(pair.peer));
        pool.put(connection(plainKey, std::move(pair.stream)));
    }
    QCOMPARE(pool.size(), UpstreamPool::maxPerKey);
    QTRY_VERIFY(peers.at(0)->sawFin); // the oldest
    QTRY_VERIFY(peers.at(1)->sawFin);
    QVERIFY(!peers.at(2)->sawFin);
}

void TestUpstreamPool::keepsAtMostSoManyInAll()
{
    UpstreamPool pool;
    std::vector<std::unique_ptr<RawPeer>> peers;
    for (int i = 0; i < UpstreamPool::maxTotal + 1; ++i) {
        test::Pair pair = test::makePair(false);
        peers.push_back(std::move(pair.peer));
        const UpstreamKey key { false, { "example.com", static_cast<quint16>(1000 + i) } };
        pool.put(connection(key, std::move(pair.stream)));
    }
    QCOMPARE(pool.size(), UpstreamPool::maxTotal);
    QTRY_VERIFY(peers.front()->sawFin);
    QVERIFY(!pool.take({ false, { "example.com", 1000 } }).stream);
    QVERIFY(pool.take({ false, { "example.com", 1001 } }).stream);
}

void TestUpstreamPool::dropsWhatEnds_data()
{
    QTest::addColumn<bool>("portable");
    QTest::addColumn<QByteArray>("event");
    for (const bool portable : { false, true }) {
        const char *kind = portable ? "on Qt's socket" : "on a descriptor";
        QTest::addRow("one that the server closes, %s", kind) << portable << QByteArray("fin");
        QTest::addRow("one that the server resets, %s", kind) << portable << QByteArray("reset");
        QTest::addRow("one that speaks unasked, %s", kind) << portable << QByteArray("octets");
    }
}

void TestUpstreamPool::dropsWhatEnds()
{
    QFETCH(bool, portable);
    QFETCH(QByteArray, event);
    auto [stream, peer] = test::makePair(portable);
    UpstreamPool pool;
    pool.put(connection(plainKey, std::move(stream)));
    if (event == "fin")
        peer->sendFin();
    else if (event == "reset")
        peer->sendReset();
    else
        peer->send("HTTP/1.1 408 Request Timeout\r\n\r\n");
    QTRY_COMPARE(pool.size(), 0);
}

void TestUpstreamPool::checksForLifeBeforeGiving_data()
{
    QTest::addColumn<bool>("portable");
    QTest::addColumn<bool>("speaks");
    for (const bool portable : { false, true }) {
        const char *kind = portable ? "on Qt's socket" : "on a descriptor";
        QTest::addRow("B§6: checked for life before reuse, %s", kind) << portable << false;
        QTest::addRow("B§5: checked for silence before reuse, %s", kind) << portable << true;
    }
}

void TestUpstreamPool::checksForLifeBeforeGiving()
{
    QFETCH(bool, portable);
    QFETCH(bool, speaks);
    auto [good, goodPeer] = test::makePair(portable);
    auto [dead, deadPeer] = test::makePair(portable);
    const ByteStream *goodAddress = good.get();
    UpstreamPool pool;
    pool.put(connection(plainKey, std::move(good)));
    pool.put(connection(plainKey, std::move(dead)));
    // No event loop runs, so the streams know nothing: the kernel is asked.
    if (speaks)
        deadPeer->send("HTTP/1.1 200 OK\r\n\r\n");
    else
        deadPeer->sendFin();
    QCOMPARE(pool.take(plainKey).stream.get(), goodAddress);
    QCOMPARE(pool.size(), 0);
}

void TestUpstreamPool::dropsWhatIsIdleForLong()
{
    UpstreamPool pool(nullptr, 200ms);
    auto [first, firstPeer] = test::makePair(false);
    auto [second, secondPeer] = test::makePair(false);
    const TimePoint start = Clock::now();
    pool.put(connection(plainKey, std::move(first)));
    QTest::qWait(100);
    pool.put(connection(plainKey, std::move(second)));
    QTRY_COMPARE_WITH_TIMEOUT(pool.size(), 1, 2000);
    QVERIFY(Clock::now() - start >= 200ms);
    QTRY_VERIFY(firstPeer->sawFin);
    QTRY_COMPARE(pool.size(), 0);
    QVERIFY(Clock::now() - start >= 300ms);
}

void TestUpstreamPool::heedsWhatTheOriginTold_data()
{
    QTest::addColumn<int>("told");
    QTest::addColumn<int>("idle"); ///< milliseconds
    QTest::addColumn<bool>("found");
    QTest::newRow("B§6: long before the told time is over") << 60 << 0 << true;
    QTest::newRow("B§6: within its last second") << 2 << 1050 << false;
    QTest::newRow("B§6: a second is told: never") << 1 << 0 << false;
    QTest::newRow("B§6: nought is told: never") << 0 << 0 << false;
}

void TestUpstreamPool::heedsWhatTheOriginTold()
{
    QFETCH(int, told);
    QFETCH(int, idle);
    QFETCH(bool, found);
    auto [stream, peer] = test::makePair(false);
    UpstreamPool pool;
    UpstreamConnection made = connection(plainKey, std::move(stream));
    made.announcedIdle = std::chrono::seconds(told);
    pool.put(std::move(made));
    QTest::qWait(idle);
    QCOMPARE(pool.take(plainKey).stream != nullptr, found);
    QCOMPARE(pool.size(), 0);
}

void TestUpstreamPool::clearClosesAll()
{
    auto [stream, peer] = test::makePair(false);
    UpstreamPool pool;
    pool.put(connection(plainKey, std::move(stream)));
    pool.clear();
    QCOMPARE(pool.size(), 0);
    QTRY_VERIFY(peer->sawFin);
}

void TestUpstreamPool::refusesWhatIsOver()
{
    auto [stream, peer] = test::makePair(false);
    stream->close();
    UpstreamPool pool;
    pool.put(connection(plainKey, std::move(stream)));
    pool.put(connection(plainKey, {}));
    QCOMPARE(pool.size(), 0);
}

void TestUpstreamPool::refusesWhatIsBound()
{
    auto [stream, peer] = test::makePair(false);
    UpstreamPool pool;
    UpstreamConnection bound = connection(plainKey, std::move(stream));
    bound.isBound = true;
    pool.put(std::move(bound));
    QCOMPARE(pool.size(), 0);
    QTRY_VERIFY(peer->sawFin);
}

void TestUpstreamPool::refusesWhatWasMended()
{
    auto [stream, peer] = test::makePair(false);
    UpstreamPool pool;
    UpstreamConnection mended = connection(plainKey, std::move(stream));
    mended.wasMended = true;
    pool.put(std::move(mended));
    QCOMPARE(pool.size(), 0);
    QTRY_VERIFY(peer->sawFin);
}

void TestUpstreamPool::refusesWhatOtherRulesLetBe()
{
    auto [early, earlyPeer] = test::makePair(false);
    auto [late, latePeer] = test::makePair(false);
    UpstreamPool pool;
    pool.put(connection(plainKey, std::move(early)));
    pool.setGeneration(0);
    QCOMPARE(pool.size(), 1);
    pool.setGeneration(1);
    QCOMPARE(pool.size(), 0);
    pool.put(connection(plainKey, std::move(late)));
    QCOMPARE(pool.size(), 0);
    QTRY_VERIFY(latePeer->sawFin);
}

QTEST_GUILESS_MAIN(TestUpstreamPool)
#include "tst_upstreampool.moc"
