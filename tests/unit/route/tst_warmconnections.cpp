// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "failoverworld.h"
#include "goodserver.h"
#include "route/warmconnections.h"
#include "scriptedreach.h"

#include <QTest>

#include <list>

using namespace sami;
using namespace sami::net;
using namespace sami::route;
using namespace std::chrono_literals;
using sami::test::Below;
using sami::test::GoodServer;
using sami::test::parentOf;
using sami::test::RawPeer;
using sami::test::ScriptedReach;
using sami::test::TlsRig;

namespace {

struct Rig
{
    Rig() { warm.setReach(reach.function()); }

    /// Ends the oldest dial with a real kernel connection.
    void connect()
    {
        auto [stream, peer] = test::makePair(false);
        peers.push_back(std::move(peer));
        reach.end(ReachedParent { std::move(stream), 1ms });
    }
    /// A parent that is in use and has its two connections.
    void fill(const config::Parent &parent)
    {
        QVERIFY(!warm.take(parent));
        warm.tend();
        connect();
        connect();
        QCOMPARE(warm.size(), 2);
    }
    void pass(std::chrono::seconds time)
    {
        now += time;
        warm.tend();
    }

    TimePoint now = TimePoint() + 1h;
    ExtraDescriptors extras;
    ScriptedReach reach;
    std::list<std::unique_ptr<RawPeer>> peers;
    WarmConnections warm { extras, nullptr, [this] { return now; } };
};

} // namespace

class TestWarmConnections : public GoodServer
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();

    void hasNoneForWhoSpeaksNoTls_data();
    void hasNoneForWhoSpeaksNoTls();
    void makesTwoForTheNextJourney();
    void replacesWhatWasTaken();
    void replacesWhatWasTakenWhileAnotherArrives();
    void tellsParentsApart();
    void replacesWhatIsOld();
    void endsWithoutJourneys();
    void throwsAwayWhatSaysSomething_data();
    void throwsAwayWhatSaysSomething();
    void looksAtTheSocketBeforeItGives();
    void givesUpUntilTheNextJourney();
    void takesNoMoreRoomThanThereIs();
    void isEmptyUnderNewRules();
    void keepsTlsWithItsTickets();
};

void TestWarmConnections::initTestCase()
{
    QVERIFY(makeCertificate());
}

void TestWarmConnections::hasNoneForWhoSpeaksNoTls_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::newRow("CONNECT in clear text has one round trip to win: it gets none")
        << QByteArray("h1");
    QTest::newRow("the direct way gets none") << QByteArray("direct");
}

void TestWarmConnections::hasNoneForWhoSpeaksNoTls()
{
    QFETCH(QByteArray, name);
    Rig rig;
    QVERIFY(!rig.warm.take(parentOf(name)));
    rig.warm.tend();
    QVERIFY(rig.reach.calls.isEmpty());
}

void TestWarmConnections::makesTwoForTheNextJourney()
{
    Rig rig;
    rig.warm.tend();
    QVERIFY(rig.reach.calls.isEmpty()); // no parent was used
    QVERIFY(!rig.warm.take(parentOf("s1")));
    QVERIFY(rig.reach.calls.isEmpty()); // the journey goes first
    QTRY_COMPARE(rig.reach.underWay(), 2);
    QCOMPARE(rig.reach.calls[0]->parent.name, "s1");
    rig.connect();
    rig.connect();
    QCOMPARE(rig.warm.size(), 2);
    QCOMPARE(rig.extras.taken(), 2);
    const StreamPtr first = rig.warm.take(parentOf("s1"));
    QVERIFY(first);
    QVERIFY(!first->isReadEnabled());
    QVERIFY(first->write("CONNECT"));
    QTRY_COMPARE(rig.peers.front()->received, "CONNECT"); // the oldest
    QCOMPARE(rig.extras.taken(), 1 + 1);                  // and the one that replaces it
}

void TestWarmConnections::replacesWhatWasTaken()
{
    Rig rig;
    rig.fill(parentOf("s1"));
    QVERIFY(rig.warm.take(parentOf("s1")));
    rig.warm.tend();
    QCOMPARE(rig.reach.underWay(), 1);
    rig.warm.tend();
    QCOMPARE(rig.reach.underWay(), 1);
    rig.connect();
    QCOMPARE(rig.warm.size(), 2);
}

void TestWarmConnections::replacesWhatWasTakenWhileAnotherArrives()
{
    Rig rig;
    QVERIFY(!rig.warm.take(parentOf("s1")));
    rig.warm.tend();
    rig.connect();
    QVERIFY(rig.warm.take(parentOf("s1")));
    rig.connect(); // before the event loop
    QTRY_COMPARE(rig.reach.underWay(), 1);
}

void TestWarmConnections::tellsParentsApart()
{
    Rig rig;
    rig.fill(parentOf("s1"));
    QVERIFY(!rig.warm.take(parentOf("s2")));
    config::Parent pinned = parentOf("s1");
    pinned.pins = { QByteArray(32, 'p') };
    QVERIFY(!rig.warm.take(pinned)); // its key was not checked
    QVERIFY(rig.warm.take(parentOf("s1")));
}

void TestWarmConnections::replacesWhatIsOld()
{
    Rig rig;
    rig.fill(parentOf("s1"));
    rig.now += 20s; // nothing has closed them
    QVERIFY(!rig.warm.take(parentOf("s1")));
    rig.warm.tend();
    QCOMPARE(rig.reach.underWay(), 2);
    rig.connect();
    rig.connect();
    rig.pass(19s);
    QCOMPARE(rig.reach.underWay(), 0);
    rig.pass(1s);
    QCOMPARE(rig.warm.size(), 0);
    QCOMPARE(rig.reach.underWay(), 2);
}

void TestWarmConnections::endsWithoutJourneys()
{
    Rig rig;
    rig.fill(parentOf("s1"));
    int made = 2;
    for (int second = 0; second < 300; ++second) {
        rig.pass(1s);
        while (rig.reach.underWay() > 0) {
            rig.connect();
            ++made;
            QVERIFY2(second < 120, "it was not used for two minutes");
        }
    }
    QCOMPARE(made, 12); // two every 20 s, for two minutes
    QCOMPARE(rig.warm.size(), 0);
    QCOMPARE(rig.extras.taken(), 0);
}

void TestWarmConnections::throwsAwayWhatSaysSomething_data()
{
    QTest::addColumn<QByteArray>("what");
    QTest::newRow("octets that nobody asked for are no answer") << QByteArray("octets");
    QTest::newRow("one that ends is of no use") << QByteArray("fin");
    QTest::newRow("one that is reset is of no use") << QByteArray("reset");
}

void TestWarmConnections::throwsAwayWhatSaysSomething()
{
    QFETCH(QByteArray, what);
    Rig rig;
    rig.fill(parentOf("s1"));
    if (what == "octets")
        rig.peers.front()->send("HTTP/1.1 200 OK\r\n\r\n");
    else if (what == "fin")
        rig.peers.front()->sendFin();
    else
        rig.peers.front()->sendReset();
    QTRY_COMPARE(rig.warm.size(), 1);
    QCOMPARE(rig.extras.taken(), 1);
    rig.warm.tend();
    QCOMPARE(rig.reach.underWay(), 0); // a parent that closes them must not be dialled endlessly
    const StreamPtr other = rig.warm.take(parentOf("s1"));
    QVERIFY(other);
    QVERIFY(other->write("CONNECT"));
    QTRY_COMPARE(rig.peers.back()->received, "CONNECT");
    rig.warm.tend();
    QCOMPARE(rig.reach.underWay(), 2); // the journey asks for new ones
}

void TestWarmConnections::looksAtTheSocketBeforeItGives()
{
    Rig rig;
    rig.fill(parentOf("s1"));
    for (const auto &peer : rig.peers)
        peer->send("x"); // only the kernel knows; no event loop runs
    QVERIFY(!rig.warm.take(parentOf("s1")));
    QCOMPARE(rig.warm.size(), 0);
}

void TestWarmConnections::givesUpUntilTheNextJourney()
{
    Rig rig;
    QVERIFY(!rig.warm.take(parentOf("s1")));
    rig.warm.tend();
    rig.reach.end(Unexpected(ParentFault::Unreachable));
    rig.reach.end(Unexpected(ParentFault::Unreachable));
    QCOMPARE(rig.extras.taken(), 0);
    rig.pass(1s);
    QCOMPARE(rig.reach.calls.size(), 2);
    QVERIFY(!rig.warm.take(parentOf("s1")));
    rig.warm.tend();
    QCOMPARE(rig.reach.calls.size(), 4);
}

void TestWarmConnections::takesNoMoreRoomThanThereIs()
{
    Rig few;
    few.extras.setLimit(1);
    QVERIFY(!few.warm.take(parentOf("s1")));
    few.warm.tend();
    QCOMPARE(few.reach.underWay(), 1);
    Rig none;
    none.warm.setCapacity(0);
    QVERIFY(!none.warm.take(parentOf("s1")));
    none.warm.tend();
    QCOMPARE(none.reach.underWay(), 0);
    Rig three;
    three.warm.setCapacity(3);
    three.fill(parentOf("s1"));
    QVERIFY(!three.warm.take(parentOf("s2")));
    three.warm.tend();
    QCOMPARE(three.reach.underWay(), 1);
}

void TestWarmConnections::isEmptyUnderNewRules()
{
    Rig rig;
    rig.fill(parentOf("s1"));
    QVERIFY(!rig.warm.take(parentOf("s2")));
    rig.warm.tend();
    rig.warm.setReach(rig.reach.function());
    QCOMPARE(rig.warm.size(), 0);
    QCOMPARE(rig.reach.underWay(), 0);
    QCOMPARE(rig.extras.taken(), 0);
    rig.warm.tend();
    QCOMPARE(rig.reach.underWay(), 0);
    rig.warm.setReach({});
    QVERIFY(!rig.warm.take(parentOf("s1")));
    rig.warm.tend();
    QCOMPARE(rig.reach.underWay(), 0);
}

void TestWarmConnections::keepsTlsWithItsTickets()
{
    TlsRig tls(Below::Socket, m_good);
    QVERIFY(shake(tls));
    tls.stream->setListener(nullptr);
    Rig rig;
    QVERIFY(!rig.warm.take(parentOf("s1")));
    rig.warm.tend();
    rig.reach.end(ReachedParent { std::move(tls.stream), 1ms });
    QTest::qWait(20); // the tickets arrive
    QCOMPARE(rig.warm.size(), 1);
    const StreamPtr stream = rig.warm.take(parentOf("s1"));
    QVERIFY(stream);
    QVERIFY(stream->write("CONNECT"));
    QTRY_COMPARE(tls.peer.received, "CONNECT");
}

QTEST_GUILESS_MAIN(TestWarmConnections)
#include "tst_warmconnections.moc"
