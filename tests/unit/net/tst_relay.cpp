// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/relay.h"
#include "net/scratchbuffer.h"
#include "net/splicepipe.h"
#include "rawpeer.h"

#include <QAbstractEventDispatcher>
#include <QScopeGuard>
#include <QTest>

#include <algorithm>
#include <functional>
#include <limits>
#include <memory>
#include <sys/socket.h>

using namespace sami;
using namespace sami::net;
using sami::test::Buffers;
using sami::test::RawPeer;

namespace {

constexpr qsizetype megabyte = 1024 * 1024;

/// A relay between two raw peers.
struct Tunnel
{
    explicit Tunnel(bool clientPortable, bool upstreamPortable, Buffers buffers = Buffers::Default)
    {
        test::Pair clientPair = test::makePair(clientPortable, buffers);
        test::Pair upstreamPair = test::makePair(upstreamPortable, buffers);
        client = std::move(clientPair.peer);
        upstream = std::move(upstreamPair.peer);
        clientStream = clientPair.stream.get();
        upstreamStream = upstreamPair.stream.get();
        relay =
            std::make_unique<Relay>(std::move(clientPair.stream), std::move(upstreamPair.stream),
                                    traffic, [this](const RelayEnd &relayEnd) {
                                        ++finishedCount;
                                        end = relayEnd;
                                        if (whenFinished)
                                            whenFinished();
                                    });
    }

    [[nodiscard]] RawPeer &peer(Side side) { return side == Side::Client ? *client : *upstream; }
    [[nodiscard]] RawPeer &otherPeer(Side side)
    {
        return side == Side::Client ? *upstream : *client;
    }

    std::unique_ptr<RawPeer> client;
    std::unique_ptr<RawPeer> upstream;
    ByteStream *clientStream;
    ByteStream *upstreamStream;
    Traffic traffic { Clock::now() };
    std::unique_ptr<Relay> relay;
    std::function<void()> whenFinished;
    int finishedCount = 0;
    RelayEnd end;
};

/// A leg that the kernel has given up on, which loopback cannot produce.
class TimedOutStream : public ByteStream
{
public:
    TimedOutStream() : ByteStream(test::budgets()) {}

    ReadResult read(char *, qsizetype) override { return { ReadResult::Status::Ended }; }
    bool isSilent() const override { return false; }
    bool write(QByteArrayView) override { return false; }
    qsizetype pendingBytes() const override { return 0; }
    qsizetype undeliveredBytes() const override { return 0; }
    void setReadEnabled(bool enabled) override { m_readEnabled = enabled; }
    bool isReadEnabled() const override { return m_readEnabled; }
    void shutdownWrite() override {}
    bool canHalfClose() const override { return true; }
    void close() override { m_open = false; }
    void reset() override { m_open = false; }
    bool isOpen() const override { return m_open; }
    StreamEnd end() const override { return StreamEnd::KeepaliveTimeout; }
    SocketAddress localAddress() const override { return {}; }
    SocketAddress peerAddress() const override { return {}; }
    void setTcpKeepalive(int) override {}
    void fail() { notifyFailed(); }

private:
    bool m_open = true;
    bool m_readEnabled = false;
};

void addKinds(const char *rule = "")
{
    QTest::addColumn<bool>("clientPortable");
    QTest::addColumn<bool>("upstreamPortable");
    QTest::addRow("%sboth legs on descriptors", rule) << false << false;
    QTest::addRow("%sboth legs on Qt's sockets", rule) << true << true;
    QTest::addRow("%sthe upstream on Qt's socket", rule) << false << true;
}

void addSides(const char *rule)
{
    QTest::addColumn<Side>("side");
    QTest::addRow("%sfrom the client", rule) << Side::Client;
    QTest::addRow("%sfrom the upstream", rule) << Side::Upstream;
}

void addSidesAndKinds(const char *rule)
{
    QTest::addColumn<Side>("side");
    QTest::addColumn<bool>("clientPortable");
    QTest::addColumn<bool>("upstreamPortable");
    for (const Side side : { Side::Client, Side::Upstream }) {
        QTest::addRow("%sfrom the %s, both legs on Qt's sockets", rule, toString(side))
            << side << true << true;
        QTest::addRow("%sfrom the %s, the upstream on Qt's socket", rule, toString(side))
            << side << false << true;
    }
}

} // namespace

class TestRelay : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        test::budgets().pipes.setLimit(qEnvironmentVariableIntValue("SAMI_PIPES"));
    }
    void copiesBothWays_data() { addKinds(); }
    void copiesBothWays();
    void upstreamMaySpeakFirst_data() { addKinds("B§6: the server may speak first: "); }
    void upstreamMaySpeakFirst();
    void earlyOctetsGoOutFirst_data() { addKinds("B§6: early bytes belong to the upstream: "); }
    void earlyOctetsGoOutFirst();
    void halfClose_data() { addSides("B§6: FIN passes as a half-close "); }
    void halfClose();
    void finWithoutHalfClose_data() { addSidesAndKinds("B§6: flush, then close both: FIN "); }
    void finWithoutHalfClose();
    void resetPasses_data() { addSides("B§6: RST passes as RST "); }
    void resetPasses();
    void resetAfterHalfClosePasses();
    void octetsBeforeResetAreDelivered_data()
    {
        addSides("B§5: what was received before an RST is delivered first ");
    }
    void octetsBeforeResetAreDelivered();
    void octetsBeforeFinAreDelivered_data() { addKinds("B§5: nothing that arrived is lost: "); }
    void octetsBeforeFinAreDelivered();
    void answerOfAVanishedClientIsCut();
    void timedOutLegResetsTheOther_data() { addSides("a leg that stopped answering: "); }
    void timedOutLegResetsTheOther();
    void stoppedReaderStopsTheSource_data() { addKinds("B§6: backpressure: "); }
    void stoppedReaderStopsTheSource();
    void stoppedReadersKeepToOneBudget();
    void endBeforeTheStart_data();
    void endBeforeTheStart();
    void abortEndsBothAtOnce_data() { addKinds(); }
    void abortEndsBothAtOnce();
    void abortWhileClosing();
    void mayBeDeletedLaterWhenItTells();
    void countsTraffic();
    void isIdleWhenTheTunnelIs();
};

void TestRelay::copiesBothWays()
{
    QFETCH(bool, clientPortable);
    QFETCH(bool, upstreamPortable);
    Tunnel tunnel(clientPortable, upstreamPortable);
    tunnel.relay->start();
    const QByteArray up = test::pattern(4 * megabyte);
    const QByteArray down = test::pattern(3 * megabyte);
    tunnel.client->send(up);
    tunnel.upstream->send(down);
    QTRY_COMPARE(tunnel.upstream->receivedSize, up.size());
    QTRY_COMPARE(tunnel.client->receivedSize, down.size());
    QVERIFY(tunnel.upstream->received == up);
    QVERIFY(tunnel.client->received == down);
    QCOMPARE(tunnel.finishedCount, 0);
}

void TestRelay::upstreamMaySpeakFirst()
{
    QFETCH(bool, clientPortable);
    QFETCH(bool, upstreamPortable);
    Tunnel tunnel(clientPortable, upstreamPortable);
    tunnel.upstream->send("220 ready");
    tunnel.relay->start();
    QTRY_COMPARE(tunnel.client->received, "220 ready");
}

void TestRelay::earlyOctetsGoOutFirst()
{
    QFETCH(bool, clientPortable);
    QFETCH(bool, upstreamPortable);
    Tunnel tunnel(clientPortable, upstreamPortable);
    tunnel.upstream->setReading(false);
    const QByteArray early = test::pattern(16 * megabyte);
    QVERIFY(tunnel.upstreamStream->write(early));
    QVERIFY(tunnel.upstreamStream->pendingBytes() > 0);
    tunnel.client->send("later");
    tunnel.relay->start();
    tunnel.upstream->setReading(true);
    QTRY_COMPARE(tunnel.upstream->receivedSize, early.size() + 5);
    QVERIFY(tunnel.upstream->received == early + "later");
}

void TestRelay::halfClose()
{
    QFETCH(Side, side);
    Tunnel tunnel(false, false);
    tunnel.relay->start();
    RawPeer &first = tunnel.peer(side);
    RawPeer &second = tunnel.otherPeer(side);
    first.send("question");
    first.sendFin();
    QTRY_VERIFY(second.sawFin);
    QCOMPARE(second.received, "question");
    const QByteArray answer = test::pattern(4 * megabyte);
    second.send(answer);
    QTRY_COMPARE(first.receivedSize, answer.size());
    QVERIFY(!first.sawFin);
    QCOMPARE(tunnel.finishedCount, 0);
    second.sendFin();
    QTRY_VERIFY(first.sawFin);
    QVERIFY(first.received == answer);
    QTRY_COMPARE(tunnel.finishedCount, 1);
    QCOMPARE(test::named(tunnel.end.by), test::named(side));
    QCOMPARE(test::named(tunnel.end.how), test::named(StreamEnd::Fin));
}

void TestRelay::finWithoutHalfClose()
{
    QFETCH(Side, side);
    QFETCH(bool, clientPortable);
    QFETCH(bool, upstreamPortable);
    Tunnel tunnel(clientPortable, upstreamPortable);
    tunnel.relay->start();
    RawPeer &first = tunnel.peer(side);
    RawPeer &second = tunnel.otherPeer(side);
    const QByteArray bytes = test::pattern(4 * megabyte);
    second.setReadLimit(256 * 1024);
    first.send(bytes);
    first.sendFin();
    QTRY_VERIFY(second.sawFin);
    QVERIFY(second.received == bytes);
    second.close();
    QTRY_VERIFY(first.sawFin || first.sawReset());
    QTRY_COMPARE(tunnel.finishedCount, 1);
    QCOMPARE(test::named(tunnel.end.by), test::named(side));
    QCOMPARE(test::named(tunnel.end.how), test::named(StreamEnd::Fin));
}

void TestRelay::resetPasses()
{
    QFETCH(Side, side);
    Tunnel tunnel(false, false);
    tunnel.relay->start();
    tunnel.peer(side).send("x");
    QTRY_COMPARE(tunnel.otherPeer(side).received, "x");
    tunnel.peer(side).sendReset();
    QTRY_VERIFY(tunnel.otherPeer(side).sawReset());
    QTRY_COMPARE(tunnel.finishedCount, 1);
    QCOMPARE(test::named(tunnel.end.by), test::named(side));
    QCOMPARE(test::named(tunnel.end.how), test::named(StreamEnd::Reset));
}

void TestRelay::resetAfterHalfClosePasses()
{
    Tunnel tunnel(false, false);
    tunnel.relay->start();
    tunnel.client->sendFin();
    QTRY_VERIFY(tunnel.upstream->sawFin);
    tunnel.client->sendReset();
    // After a FIN, read() returns 0 for ever; only a write or the socket's error shows the reset.
    QTRY_VERIFY(tunnel.finishedCount == 1);
    tunnel.upstream->send("is anybody there?");
    tunnel.upstream->sawFin = false;
    QTest::qWait(1);
    char octet = 0;
    QVERIFY(::send(tunnel.upstream->descriptor(), &octet, 1, MSG_NOSIGNAL) < 0);
    QCOMPARE(test::named(tunnel.end.by), test::named(Side::Client));
    QCOMPARE(test::named(tunnel.end.how),
             test::named(StreamEnd::Fin)); // because the end began like that
}

void TestRelay::octetsBeforeResetAreDelivered()
{
    QFETCH(Side, side);
    Tunnel tunnel(false, false, Buffers::Small);
    RawPeer &source = tunnel.peer(side);
    RawPeer &slow = tunnel.otherPeer(side);
    slow.setReading(false);
    tunnel.relay->start();
    // Into our side's kernel buffers, before the RST discards the sender's.
    const QByteArray bytes = test::pattern(2 * megabyte);
    source.send(bytes);
    test::waitUntilSettled([&source] { return source.undelivered(); });
    const qsizetype delivered = bytes.size() - source.undelivered();
    QVERIFY(delivered > 100'000); // more than one read takes, so some is still unread
    source.sendReset();
    slow.setReadLimit(8 * 1024);
    slow.setReading(true);
    QTRY_VERIFY_WITH_TIMEOUT(slow.sawReset(), 20'000);
    QVERIFY2(slow.receivedSize >= delivered, QByteArray::number(slow.receivedSize).constData());
    QVERIFY(slow.received == bytes.first(slow.receivedSize));
    QTRY_COMPARE(tunnel.finishedCount, 1);
    QCOMPARE(test::named(tunnel.end.by), test::named(side));
    QCOMPARE(test::named(tunnel.end.how), test::named(StreamEnd::Reset));
}

void TestRelay::octetsBeforeFinAreDelivered()
{
    QFETCH(bool, clientPortable);
    QFETCH(bool, upstreamPortable);
    Tunnel tunnel(clientPortable, upstreamPortable, Buffers::Small);
    tunnel.client->setReadLimit(16 * 1024);
    tunnel.relay->start();
    const QByteArray bytes = test::pattern(4 * megabyte);
    tunnel.upstream->send(bytes);
    tunnel.upstream->sendFin();
    QTRY_VERIFY_WITH_TIMEOUT(tunnel.client->sawFin, 30'000);
    QVERIFY(tunnel.client->received == bytes);
    tunnel.client->close();
    QTRY_COMPARE(tunnel.finishedCount, 1);
    QCOMPARE(test::named(tunnel.end.by), test::named(Side::Upstream));
    QCOMPARE(test::named(tunnel.end.how), test::named(StreamEnd::Fin));
}

void TestRelay::answerOfAVanishedClientIsCut()
{
    Tunnel tunnel(false, false);
    tunnel.relay->start();
    tunnel.client->setReading(false);
    tunnel.upstream->send(QByteArray(50 * megabyte, 'x'));
    QTRY_VERIFY(tunnel.clientStream->pendingBytes() > 0);
    tunnel.client->close(); // with unread input, so the kernel sends an RST
    QTRY_COMPARE(tunnel.finishedCount, 1);
    QCOMPARE(test::named(tunnel.end.by), test::named(Side::Client));
    QCOMPARE(test::named(tunnel.end.how), test::named(StreamEnd::Reset));
    QTRY_VERIFY(tunnel.upstream->sawReset());
}

void TestRelay::timedOutLegResetsTheOther()
{
    QFETCH(Side, side);
    test::Pair pair = test::makePair(false);
    QVERIFY(pair.stream->write("what had arrived"));
    Traffic traffic(Clock::now());
    auto *dead = new TimedOutStream;
    StreamPtr client(dead);
    StreamPtr upstream = std::move(pair.stream);
    if (side == Side::Upstream)
        std::swap(client, upstream);
    RelayEnd end;
    int finishedCount = 0;
    Relay relay(std::move(client), std::move(upstream), traffic, [&](const RelayEnd &relayEnd) {
        ++finishedCount;
        end = relayEnd;
    });
    relay.start();
    dead->fail();
    QTRY_COMPARE(finishedCount, 1);
    QCOMPARE(test::named(end.by), test::named(side));
    QCOMPARE(test::named(end.how), test::named(StreamEnd::KeepaliveTimeout));
    QTRY_VERIFY(pair.peer->sawReset());
    QCOMPARE(pair.peer->received, "what had arrived");
}

void TestRelay::stoppedReaderStopsTheSource()
{
    QFETCH(bool, clientPortable);
    QFETCH(bool, upstreamPortable);
    Tunnel tunnel(clientPortable, upstreamPortable);
    tunnel.client->setReading(false);
    tunnel.client->keepsReceived = false;
    tunnel.relay->start();
    qsizetype mostPending = 0;
    const QObject whileItRuns;
    connect(QAbstractEventDispatcher::instance(), &QAbstractEventDispatcher::awake, &whileItRuns,
            [&] { mostPending = std::max(mostPending, tunnel.clientStream->pendingBytes()); });
    const qsizetype offered = 50 * megabyte;
    tunnel.upstream->send(QByteArray(offered, 'x'));
    test::waitUntilSettled([&tunnel] { return tunnel.upstream->unsent(); });
    QVERIFY(tunnel.upstream->unsent() > 20 * megabyte); // the kernel's buffers took the rest
    QVERIFY(mostPending > 0);
    // One read's worth, or one pipe's.
    const qsizetype bound = std::max<qsizetype>(scratchSize, SplicePipe::capacity);
    QVERIFY2(mostPending <= bound, QByteArray::number(mostPending).constData());
    // The other direction is unaffected.
    tunnel.client->send("still here");
    QTRY_COMPARE(tunnel.upstream->received, "still here");
    tunnel.client->setReading(true);
    QTRY_COMPARE_WITH_TIMEOUT(tunnel.client->receivedSize, offered, 30'000);
    QVERIFY2(mostPending <= bound, QByteArray::number(mostPending).constData());
}

void TestRelay::stoppedReadersKeepToOneBudget()
{
    if (qEnvironmentVariableIntValue("SAMI_PIPES") > 0)
        QSKIP("pipes carry the bulk here, and have a budget of their own");
    constexpr qsizetype smallRead = 4096;
    PendingBudget &budget = test::budgets().pending;
    const auto restore =
        qScopeGuard([&budget] { budget.setLimit(std::numeric_limits<qint64>::max()); });
    budget.setLimit(megabyte);
    QCOMPARE(budget.forwardingReadSize(), scratchSize);
    test::Pair hog = test::makePair(false);
    hog.peer->setReading(false);
    QVERIFY(hog.stream->write(QByteArray(16 * megabyte, 'x')));
    QCOMPARE(budget.forwardingReadSize(), smallRead);

    // How much of a read the kernel leaves is unknown: with four different starts, some of a large
    // one is left.
    for (const qsizetype before : { 0, 10'000, 20'000, 30'000 }) {
        Tunnel tunnel(false, false, Buffers::Small);
        tunnel.client->setReading(false);
        QVERIFY(tunnel.clientStream->write(QByteArray(before, 'x')));
        tunnel.upstream->send(QByteArray(megabyte, 'x'));
        tunnel.relay->start();
        test::waitUntilSettled([&tunnel] { return tunnel.upstream->unsent(); });
        const qsizetype pending = tunnel.clientStream->pendingBytes();
        QVERIFY2(pending > 0 && pending <= smallRead, QByteArray::number(pending).constData());
        tunnel.client->setReading(true);
        QTRY_COMPARE_WITH_TIMEOUT(tunnel.client->receivedSize, before + megabyte, 30'000);
    }
    hog.stream->close();
    // Nothing is kept any more, whether it was sent or dropped.
    budget.setLimit(0);
    QCOMPARE(budget.forwardingReadSize(), scratchSize);
}

void TestRelay::endBeforeTheStart_data()
{
    QTest::addColumn<QByteArray>("what");
    QTest::addColumn<bool>("portable");
    for (const bool portable : { false, true }) {
        const char *kind = portable ? "on Qt's sockets" : "on descriptors";
        QTest::addRow("the client's FIN was read, %s", kind) << QByteArray("fin") << portable;
        QTest::addRow("the client's reset was told, %s", kind) << QByteArray("reset") << portable;
        QTest::addRow("the client was closed, %s", kind) << QByteArray("closed") << portable;
    }
}

void TestRelay::endBeforeTheStart()
{
    QFETCH(QByteArray, what);
    QFETCH(bool, portable);
    Tunnel tunnel(portable, portable);
    const auto hasEnded = [&tunnel] {
        char octet = 0;
        return tunnel.clientStream->read(&octet, 1).status == ByteStream::ReadResult::Status::Ended;
    };
    tunnel.clientStream->setReadEnabled(true);
    if (what == "fin") {
        tunnel.client->sendFin();
        QTRY_VERIFY(hasEnded());
    } else if (what == "reset") {
        tunnel.clientStream->setReadEnabled(false);
        tunnel.client->sendReset();
        QTRY_VERIFY(tunnel.clientStream->end() != StreamEnd::None);
    } else {
        tunnel.clientStream->close();
    }
    tunnel.relay->start();
    QCOMPARE(tunnel.finishedCount, 0);
    QTRY_VERIFY(tunnel.upstream->sawFin || tunnel.upstream->sawReset());
    QCOMPARE(tunnel.upstream->sawReset(), what == "closed" || (what == "reset" && !portable));
    tunnel.upstream->close();
    QTRY_COMPARE(tunnel.finishedCount, 1);
    QCOMPARE(test::named(tunnel.end.by), test::named(Side::Client));
}

void TestRelay::abortEndsBothAtOnce()
{
    QFETCH(bool, clientPortable);
    QFETCH(bool, upstreamPortable);
    Tunnel tunnel(clientPortable, upstreamPortable);
    tunnel.relay->start();
    tunnel.client->send("x");
    QTRY_COMPARE(tunnel.upstream->received, "x");
    tunnel.relay->abort();
    // A FIN would look as if the other end had sent it.
    QTRY_VERIFY(tunnel.client->sawReset());
    QTRY_VERIFY(tunnel.upstream->sawReset());
    tunnel.relay->abort();
    QCOMPARE(tunnel.finishedCount, 0);
}

void TestRelay::abortWhileClosing()
{
    Tunnel tunnel(false, false);
    tunnel.client->setReading(false);
    tunnel.relay->start();
    tunnel.upstream->send(QByteArray(4 * megabyte, 'x'));
    QTRY_COMPARE(tunnel.upstream->undelivered(), 0);
    tunnel.upstream->sendReset();
    QTest::qWait(50); // it is delivering by now
    QCOMPARE(tunnel.finishedCount, 0);
    tunnel.relay->abort();
    tunnel.client->setReading(true);
    QTRY_VERIFY(tunnel.client->sawFin || tunnel.client->sawReset());
    QCOMPARE(tunnel.finishedCount, 0);
}

void TestRelay::mayBeDeletedLaterWhenItTells()
{
    Tunnel tunnel(false, false);
    Relay *relay = tunnel.relay.release();
    tunnel.whenFinished = [relay] {
        relay->abort();
        LaterPtr<Relay>(relay).reset();
    };
    relay->start();
    tunnel.client->sendReset();
    QTRY_COMPARE(tunnel.finishedCount, 1);
    QTRY_VERIFY(tunnel.upstream->sawReset());
}

void TestRelay::countsTraffic()
{
    Tunnel tunnel(false, false);
    tunnel.relay->start();
    tunnel.client->send(QByteArray(1000, 'u'));
    tunnel.upstream->send(QByteArray(3000, 'd'));
    QTRY_COMPARE(tunnel.upstream->receivedSize, 1000);
    QTRY_COMPARE(tunnel.client->receivedSize, 3000);
    QCOMPARE(tunnel.traffic.up(), 1000U);
    QCOMPARE(tunnel.traffic.down(), 3000U);
}

void TestRelay::isIdleWhenTheTunnelIs()
{
    Tunnel tunnel(false, true);
    tunnel.relay->start();
    tunnel.client->send("x");
    QTRY_COMPARE(tunnel.upstream->received, "x");
    int wakeUps = 0;
    const QObject whileItRuns;
    connect(QAbstractEventDispatcher::instance(), &QAbstractEventDispatcher::awake, &whileItRuns,
            [&wakeUps] { ++wakeUps; });
    QTest::qWait(100);
    QVERIFY2(wakeUps < 60, QByteArray::number(wakeUps).constData()); // qWait() itself makes some
}

QTEST_GUILESS_MAIN(TestRelay)
#include "tst_relay.moc"
