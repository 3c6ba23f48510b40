// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "goodserver.h"
#include "net/tlsstream.h"

#include <QElapsedTimer>
#include <QTest>

#include <openssl/ssl.h>
#include <vector>

using namespace sami;
using namespace sami::net;
using sami::test::Below;
using sami::test::GoodServer;
using sami::test::pattern;
using sami::test::TlsRig;

Q_DECLARE_METATYPE(sami::test::Below)

namespace {

constexpr qsizetype kilobyte = 1024;

void addKinds()
{
    QTest::addColumn<Below>("below");
    QTest::addColumn<int>("version");
    for (const int version : { TLS1_2_VERSION, TLS1_3_VERSION }) {
        const char *of = version == TLS1_2_VERSION ? "1.2" : "1.3";
        QTest::addRow("TLS %s over a socket", of) << Below::Socket << version;
        QTest::addRow("TLS %s over a stream of the test's", of) << Below::Whole << version;
        QTest::addRow("TLS %s, an octet at a time", of) << Below::Octets << version;
    }
}

} // namespace

class TestTlsStream : public GoodServer
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();

    void carriesBothWays_data() { addKinds(); }
    void carriesBothWays();
    void readableComesAgainUntilAllIsRead();
    void aTurnIsBounded();
    void ticketsAreNoNews();
    void aPartOfARecordIsNoNews();
    void isSilentWhileReadingIsDisabled();
    void keysMayChangeUnderLoad_data();
    void keysMayChangeUnderLoad();
    void aStormOfKeyUpdatesIsNotAnswered();
    void aStormOfKeyUpdatesLeavesOthersTheirTurn();
    void stormsOfSeveralStreamsHaveOneShare();
    void aFewKeyUpdatesAreFree();
    void aWriteWaitsForTheRestOfAMessage_data();
    void aWriteWaitsForTheRestOfAMessage();
    void refusesRenegotiation();
    void keepsWhatIsNotTakenBelow();
    void emitsNothingFromInsideCalls();
    void tlsInTls();
};

void TestTlsStream::initTestCase()
{
    QVERIFY(makeCertificate());
}

void TestTlsStream::carriesBothWays()
{
    QFETCH(Below, below);
    QFETCH(int, version);
    TlsRig rig(below, m_good, version);
    QVERIFY(shake(rig));
    const qsizetype size = below == Below::Octets ? 40 * kilobyte : 400 * kilobyte;
    const QByteArray up = pattern(size);
    const QByteArray down = pattern(size + 1);
    rig.stream->setReadEnabled(true);
    QVERIFY(rig.stream->write(up));
    rig.peer.write(down);
    QTRY_COMPARE(rig.received.size(), down.size());
    QVERIFY(rig.received == down);
    QTRY_COMPARE(rig.peer.received.size(), up.size());
    QVERIFY(rig.peer.received == up);
    QTRY_COMPARE(rig.stream->pendingBytes(), 0);
    QCOMPARE(rig.failures, 0);
    QVERIFY(!rig.isEnded);
}

void TestTlsStream::readableComesAgainUntilAllIsRead()
{
    TlsRig rig(Below::Whole, m_good);
    QVERIFY(shake(rig));
    rig.capacity = 10;
    rig.stream->setReadEnabled(true);
    QTest::qWait(10);
    rig.peer.write(pattern(1000)); // one record
    QTRY_COMPARE(rig.received.size(), 1000);
    QVERIFY(rig.received == pattern(1000));

    // Nobody reads, but it is signalled all the same.
    rig.onReadable = [] {};
    rig.readables = 0;
    rig.peer.write("x");
    QTRY_VERIFY(rig.readables > 5);
    QCOMPARE(rig.scripted->unread(), 0); // what is signalled is inside the TLS layer
    rig.stream->setReadEnabled(false);
    rig.readables = 0;
    QTest::qWait(10);
    QCOMPARE(rig.readables, 0);
    rig.onReadable = [&rig] { rig.readOnce(); };
    rig.stream->setReadEnabled(true);
    QTRY_COMPARE(rig.received.size(), 1001);
}

void TestTlsStream::aTurnIsBounded()
{
    TlsRig rig(Below::Whole, m_good);
    QVERIFY(shake(rig));
    rig.isHeld = true;
    for (int i = 0; i < 1000; ++i)
        rig.peer.write("x");
    rig.stream->setReadEnabled(true);
    rig.deliver(rig.peer.take());
    QTRY_COMPARE(rig.received.size(), 1000);
    QCOMPARE(rig.largest, qsizetype(TlsStream::recordsPerRead));
    QVERIFY(rig.readsWithData >= 1000 / TlsStream::recordsPerRead);
}

void TestTlsStream::ticketsAreNoNews()
{
    TlsRig rig(Below::Whole, m_good, TLS1_3_VERSION);
    rig.isHeld = true;
    rig.shake(*m_context, host);
    rig.peer.feed(rig.scripted->takeSent());
    rig.deliver(rig.peer.take());
    QTRY_VERIFY(rig.stream);
    rig.peer.feed(rig.scripted->takeSent());
    const QByteArray tickets = rig.peer.take();
    QVERIFY(tickets.size() > 300);
    rig.stream->setReadEnabled(true);
    rig.deliver(tickets);
    QVERIFY(!rig.stream->isSilent());
    QTRY_COMPARE(rig.scripted->unread(), 0);
    rig.isHeld = false;
    QTest::qWait(10);
    QCOMPARE(rig.readables, 0);
    QVERIFY(rig.stream->isSilent());
    rig.peer.write("y");
    QTRY_COMPARE(rig.received, "y");
}

void TestTlsStream::aPartOfARecordIsNoNews()
{
    TlsRig rig(Below::Socket, m_good, TLS1_2_VERSION);
    QVERIFY(shake(rig));
    rig.isHeld = true;
    rig.stream->setReadEnabled(true);
    rig.peer.write(pattern(1000));
    const QByteArray octets = rig.peer.take();
    rig.deliver(octets.first(500));
    QTRY_VERIFY(!rig.stream->isSilent());
    QTest::qWait(10);
    QCOMPARE(rig.readables, 0);
    QVERIFY(!rig.stream->isSilent()); // it holds half a record
    rig.deliver(octets.sliced(500));
    QTRY_COMPARE(rig.received.size(), 1000);
}

void TestTlsStream::isSilentWhileReadingIsDisabled()
{
    TlsRig rig(Below::Whole, m_good);
    QVERIFY(shake(rig));
    rig.peer.write("x");
    QTest::qWait(20);
    QCOMPARE(rig.readables, 0);
    QVERIFY(rig.scripted->unread() > 0); // the back-pressure passes through
    QVERIFY(!rig.stream->isSilent());
    rig.stream->setReadEnabled(true);
    QTRY_COMPARE(rig.received, "x");
}

void TestTlsStream::keysMayChangeUnderLoad_data()
{
    QTest::addColumn<Below>("below");
    QTest::newRow("over a socket") << Below::Socket;
    QTest::newRow("over a stream of the test's") << Below::Whole;
    QTest::newRow("an octet at a time") << Below::Octets;
}

void TestTlsStream::keysMayChangeUnderLoad()
{
    QFETCH(Below, below);
    TlsRig rig(below, m_good, TLS1_3_VERSION);
    QVERIFY(shake(rig));
    rig.stream->setReadEnabled(true);
    const QByteArray block = pattern(3000);
    QByteArray down;
    QByteArray up;
    for (int i = 0; i < 40; ++i) {
        down += block;
        up += block;
        rig.peer.write(block);
        rig.peer.updateKeys(i % 2 == 0);
        QVERIFY(rig.stream->write(block));
        if (i % 5 == 0)
            QCoreApplication::processEvents();
    }
    QTRY_COMPARE(rig.received.size(), down.size());
    QTRY_COMPARE(rig.peer.received.size(), up.size());
    QVERIFY(rig.received == down);
    QVERIFY(rig.peer.received == up);
    QVERIFY(!rig.peer.hasFailed);
}

void TestTlsStream::aStormOfKeyUpdatesIsNotAnswered()
{
    TlsRig rig(Below::Whole, m_good, TLS1_3_VERSION);
    QVERIFY(shake(rig));
    rig.isHeld = true;
    rig.scripted->setBlocked(true);
    rig.stream->setReadEnabled(true);
    constexpr int updates = 5000;
    for (int i = 0; i < updates; ++i)
        rig.peer.updateKeys(true);
    rig.peer.write("behind them");
    rig.deliver(rig.peer.take());
    test::waitUntilSettled([&rig] { return rig.scripted->pendingBytes(); });
    QVERIFY(rig.scripted->pendingBytes() > TlsStream::answersHeld);
    QVERIFY(rig.scripted->pendingBytes() < 3 * TlsStream::answersHeld);
    const int reads = rig.scripted->reads;
    QTest::qWait(10);
    QCOMPARE(rig.scripted->reads, reads); // it does not spin
    rig.scripted->setBlocked(false);
    rig.isHeld = false;
    QTRY_COMPARE(rig.received, "behind them");
    QVERIFY(rig.stream->write("ours"));
    QTRY_COMPARE(rig.peer.received, "ours");
}

/// Messages that concern OpenSSL alone are handled in batches, with full event loop passes between.
void TestTlsStream::aStormOfKeyUpdatesLeavesOthersTheirTurn()
{
    TlsRig rig(Below::Whole, m_good, TLS1_3_VERSION);
    QVERIFY(shake(rig));
    rig.isHeld = true;
    rig.stream->setReadEnabled(true);
    for (int i = 0; i < 5000; ++i)
        rig.peer.updateKeys(false);
    rig.peer.write("behind them");
    rig.deliver(rig.peer.take());
    qsizetype before = rig.scripted->unread();
    qsizetype largestStep = 0;
    QTimer others;
    connect(&others, &QTimer::timeout, this, [&] {
        largestStep = qMax(largestStep, before - rig.scripted->unread());
        before = rig.scripted->unread();
    });
    others.start(0);
    QTRY_COMPARE(rig.received, "behind them");
    QVERIFY2(largestStep <= (TlsThrottle::mostAtOnce + 1) * kilobyte,
             QByteArray::number(largestStep).constData());
}

void TestTlsStream::stormsOfSeveralStreamsHaveOneShare()
{
    std::vector<std::unique_ptr<TlsRig>> rigs;
    for (int i = 0; i < 8; ++i) {
        rigs.push_back(std::make_unique<TlsRig>(Below::Whole, m_good, TLS1_3_VERSION));
        QVERIFY(shake(*rigs.back()));
        rigs.back()->isHeld = true;
    }
    for (const auto &rig : rigs) {
        for (int updates = 0; updates < 400; ++updates)
            rig->peer.updateKeys(false);
        rig->peer.write("behind them");
        rig->deliver(rig->peer.take());
    }
    const auto unread = [&] {
        qsizetype sum = 0;
        for (const auto &rig : rigs)
            sum += rig->scripted->unread();
        return sum;
    };
    const qsizetype whole = unread();
    QElapsedTimer clock;
    clock.start();
    for (const auto &rig : rigs)
        rig->stream->setReadEnabled(true);
    for (const auto &rig : rigs)
        QTRY_COMPARE(rig->received, "behind them");
    // The first batch of each has no pause before it.
    const qsizetype batches = whole / kilobyte - 2 * qsizetype(rigs.size());
    const auto elapsed = std::chrono::milliseconds(clock.elapsed());
    QVERIFY2(elapsed >= batches * TlsThrottle::interval / 2,
             QByteArray::number(clock.elapsed()).constData());
}

void TestTlsStream::aFewKeyUpdatesAreFree()
{
    TlsRig rig(Below::Whole, m_good, TLS1_3_VERSION);
    QVERIFY(shake(rig));
    rig.isHeld = true;
    rig.stream->setReadEnabled(true);
    QTest::qWait(10);
    rig.pump();
    QTest::qWait(10);
    for (int i = 0; i < 8; ++i)
        rig.peer.updateKeys(false);
    rig.peer.write("behind them");
    rig.deliver(rig.peer.take());
    QCoreApplication::sendPostedEvents();
    QCOMPARE(rig.received, "behind them");
}

void TestTlsStream::aWriteWaitsForTheRestOfAMessage_data()
{
    QTest::addColumn<bool>("isReading");
    QTest::newRow("while reading") << true;
    QTest::newRow("while paused") << false;
}

/// RFC 8446 §4.6: a partly received ticket keeps OpenSSL from writing.
void TestTlsStream::aWriteWaitsForTheRestOfAMessage()
{
    QFETCH(bool, isReading);
    TlsRig rig(Below::Whole, m_good, TLS1_3_VERSION);
    rig.peer.useLargeTickets();
    rig.isHeld = true;
    rig.shake(*m_context, host);
    rig.peer.feed(rig.scripted->takeSent());
    rig.deliver(rig.peer.take());
    QTRY_VERIFY(rig.stream);
    rig.peer.feed(rig.scripted->takeSent());
    QVERIFY(rig.peer.isShaken());
    const QByteArray tickets = rig.peer.take();
    QVERIFY(tickets.size() > 1500); // in records of 512 octets
    rig.stream->setReadEnabled(true);
    rig.deliver(tickets.first(700));
    QTRY_COMPARE(rig.scripted->unread(), 0);
    rig.stream->setReadEnabled(isReading);
    const QByteArray question = pattern(100'000);
    QVERIFY(rig.stream->write(question.first(60'000)));
    QCOMPARE(rig.stream->pendingBytes(), 60'000);
    QVERIFY(rig.stream->write(question.sliced(60'000)));
    QCOMPARE(rig.stream->pendingBytes(), 100'000);
    rig.stream->shutdownWrite();
    QTest::qWait(10);
    QVERIFY(rig.scripted->takeSent().isEmpty());
    QCOMPARE(rig.drains, 0);
    rig.peer.write("answer");
    rig.deliver(tickets.sliced(700));
    rig.isHeld = false;
    QTRY_COMPARE(rig.peer.received.size(), question.size());
    QVERIFY(rig.peer.received == question);
    QTRY_VERIFY(rig.peer.sawCloseNotify);
    QVERIFY(rig.scripted->isFinSent);
    QCOMPARE(rig.drains, 1);
    QCOMPARE(rig.stream->pendingBytes(), 0);
    rig.stream->setReadEnabled(true);
    QTRY_COMPARE(rig.received, "answer");
}

void TestTlsStream::refusesRenegotiation()
{
    TlsRig rig(Below::Whole, m_good, TLS1_2_VERSION);
    QVERIFY(shake(rig));
    rig.isHeld = true;
    rig.stream->setReadEnabled(true);
    rig.pump();
    rig.peer.renegotiate();
    rig.deliver(rig.peer.take());
    QByteArray sent;
    QTRY_VERIFY(!(sent += rig.scripted->takeSent()).isEmpty());
    QCOMPARE(int(sent.at(0)), 21); // an alert, and no ClientHello
    QTest::qWait(10);
    QCOMPARE(rig.readables, 0);
    rig.peer.feed(sent);
    QVERIFY(!rig.peer.isShaken() || rig.peer.hasFailed);
}

void TestTlsStream::keepsWhatIsNotTakenBelow()
{
    TlsRig rig(Below::Socket, m_good);
    QVERIFY(shake(rig));
    rig.raw->setReading(false);
    const QByteArray bytes = pattern(20 * 1024 * kilobyte);
    QVERIFY(rig.stream->write(bytes));
    QVERIFY(rig.stream->pendingBytes() > 0);
    QVERIFY(rig.stream->undeliveredBytes() >= rig.stream->pendingBytes());
    QTest::qWait(10);
    QCOMPARE(rig.drains, 0);
    rig.stream->shutdownWrite();
    rig.raw->setReading(true);
    QTRY_COMPARE(rig.peer.received.size(), bytes.size());
    QTRY_VERIFY(rig.peer.sawCloseNotify);
    QVERIFY(rig.peer.received == bytes);
    QCOMPARE(rig.drains, 1);
    QCOMPARE(rig.stream->pendingBytes(), 0);
}

void TestTlsStream::emitsNothingFromInsideCalls()
{
    TlsRig rig(Below::Whole, m_good);
    QVERIFY(shake(rig));
    rig.onReadable = [] {};
    rig.peer.write("x");
    rig.pump();
    const auto calls = [&rig] { return rig.readables + rig.drains + rig.failures; };
    const auto quietly = [&](const auto &call) {
        const int before = calls();
        call();
        return calls() == before;
    };
    QVERIFY(quietly([&] { rig.stream->setReadEnabled(true); }));
    QVERIFY(quietly([&] { QVERIFY(rig.stream->write("y")); }));
    QVERIFY(quietly([&] { rig.readOnce(); }));
    rig.scripted->arriveEnd(StreamEnd::Reset);
    QVERIFY(quietly([&] { QVERIFY(!rig.stream->write("y")); }));
    QVERIFY(quietly([&] { rig.readOnce(); }));
    QVERIFY(quietly([&] { rig.stream->shutdownWrite(); }));
    QVERIFY(quietly([&] { rig.stream->close(); }));
    QTest::qWait(10);
    QCOMPARE(calls(), 0);
}

void TestTlsStream::tlsInTls()
{
    TlsRig outer(Below::Whole, m_good);
    QVERIFY(shake(outer));
    // The inner peer talks through the outer one.
    test::TlsPeer innerPeer(m_good);
    QTimer between;
    connect(&between, &QTimer::timeout, this, [&] {
        innerPeer.feed(std::exchange(outer.peer.received, {}));
        if (const QByteArray octets = innerPeer.take(); !octets.isEmpty())
            outer.peer.write(octets);
    });
    between.start(0);
    TlsHandshakePtr handshake = makeTlsHandshake(std::move(outer.stream), host);
    StreamPtr inner;
    connect(handshake.get(), &TlsHandshake::succeeded, this,
            [&] { inner = handshake->takeStream(); });
    handshake->start(*m_context);
    QTRY_VERIFY(inner);
    const QByteArray up = pattern(300'000);
    const QByteArray down = pattern(310'000);
    QVERIFY(inner->write(up));
    innerPeer.write(down);
    innerPeer.closeNotify();
    struct Listener final : StreamListener
    {
        QByteArray received;
        bool isEnded = false;
        void handleReadable(ByteStream &stream) override
        {
            QByteArray block(7000, Qt::Uninitialized);
            const auto [status, size] = stream.read(block.data(), block.size());
            if (status == ByteStream::ReadResult::Status::Data)
                received += block.first(size);
            isEnded = isEnded || status == ByteStream::ReadResult::Status::Ended;
        }
        void handleDrained(ByteStream &) override {}
        void handleFailed(ByteStream &) override {}
    } listener;
    inner->setListener(&listener);
    inner->setReadEnabled(true);
    QTRY_VERIFY(listener.isEnded);
    QVERIFY(listener.received == down);
    QCOMPARE(test::named(inner->end()), test::named(StreamEnd::Fin));
    QTRY_COMPARE(innerPeer.received.size(), up.size());
    QVERIFY(innerPeer.received == up);
    QVERIFY(inner->canHalfClose());
    inner->shutdownWrite();
    QTRY_VERIFY(innerPeer.sawCloseNotify);
    QTRY_VERIFY(outer.peer.sawCloseNotify);
}

QTEST_GUILESS_MAIN(TestTlsStream)
#include "tst_tlsstream.moc"
