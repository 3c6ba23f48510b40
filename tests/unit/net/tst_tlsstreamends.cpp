// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "goodserver.h"
#include "net/tlsstream.h"

#include <QTest>

#include <openssl/ssl.h>

using namespace sami;
using namespace sami::net;
using sami::test::Below;
using sami::test::GoodServer;
using sami::test::pattern;
using sami::test::TlsRig;

Q_DECLARE_METATYPE(sami::test::Below)

namespace {

constexpr qsizetype kilobyte = 1024;

void addVersions()
{
    QTest::addColumn<int>("version");
    QTest::newRow("TLS 1.2") << TLS1_2_VERSION;
    QTest::newRow("TLS 1.3") << TLS1_3_VERSION;
}

} // namespace

class TestTlsStreamEnds : public GoodServer
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();

    void closeNotifyIsFin_data() { addVersions(); }
    void closeNotifyIsFin();
    void whatFollowsCloseNotifyIsIgnored();
    void finWithoutCloseNotifyIsError_data() { addVersions(); }
    void finWithoutCloseNotifyIsError();
    void writesAfterThePeersEnd();
    void readsAfterItsOwnEnd_data() { addVersions(); }
    void readsAfterItsOwnEnd();
    void aForgedRecordIsError();
    void noticesReset_data();
    void noticesReset();
    void writeTellsThatThePeerIsGone();
    void mayBeLetGoInItsListenersCalls_data();
    void mayBeLetGoInItsListenersCalls();
    void closeSendsCloseNotify();
    void resetSendsNone();
};

void TestTlsStreamEnds::initTestCase()
{
    QVERIFY(makeCertificate());
}

void TestTlsStreamEnds::closeNotifyIsFin()
{
    QFETCH(int, version);
    TlsRig rig(Below::Socket, m_good, version);
    QVERIFY(shake(rig));
    rig.stream->setReadEnabled(true);
    rig.peer.write("all of it");
    rig.peer.closeNotify();
    QTRY_VERIFY(rig.isEnded);
    QCOMPARE(rig.received, "all of it");
    QCOMPARE(test::named(rig.stream->end()), test::named(StreamEnd::Fin));
    rig.pump();
    rig.peerFin();
    QTest::qWait(10);
    QCOMPARE(rig.failures, 0);
    const int readables = rig.readables;
    rig.isHeld = true;
    QTest::qWait(10);
    QCOMPARE(rig.readables, readables); // an end that was read is not signalled again
}

void TestTlsStreamEnds::whatFollowsCloseNotifyIsIgnored()
{
    TlsRig rig(Below::Whole, m_good);
    QVERIFY(shake(rig));
    rig.isHeld = true;
    rig.stream->setReadEnabled(true);
    rig.peer.write("all");
    const QByteArray more = rig.peer.take();
    rig.peer.closeNotify();
    rig.deliver(more + rig.peer.take() + more + QByteArray(100, '\xff'));
    QTRY_VERIFY(rig.isEnded);
    QCOMPARE(rig.received, "all");
    QCOMPARE(test::named(rig.stream->end()), test::named(StreamEnd::Fin));
    rig.deliver(QByteArray(100'000, '\xff'));
    QTest::qWait(10);
    const int reads = rig.scripted->reads;
    QTest::qWait(10);
    QCOMPARE(rig.scripted->reads, reads); // nobody polls for it
    QVERIFY(rig.stream->write("ours goes on"));
    rig.isHeld = false;
    QTRY_COMPARE(rig.peer.received, "ours goes on");
}

void TestTlsStreamEnds::finWithoutCloseNotifyIsError()
{
    // RFC 9112 §9.8: without a closure alert, somebody may have cut the stream.
    QFETCH(int, version);
    TlsRig rig(Below::Socket, m_good, version);
    QVERIFY(shake(rig));
    rig.peer.write(pattern(50'000));
    rig.pump();
    rig.peerFin();
    rig.stream->setReadEnabled(true);
    QTRY_VERIFY(rig.isEnded);
    QCOMPARE(rig.received, pattern(50'000)); // data that had arrived is delivered
    QCOMPARE(test::named(rig.stream->end()), test::named(StreamEnd::Truncated));
    QVERIFY(!rig.stream->write("x"));
    QCOMPARE(rig.failures, 0); // read() has reported it
}

void TestTlsStreamEnds::writesAfterThePeersEnd()
{
    TlsRig rig(Below::Socket, m_good, TLS1_3_VERSION);
    QVERIFY(shake(rig));
    QVERIFY(rig.stream->canHalfClose());
    rig.stream->setReadEnabled(true);
    rig.peer.closeNotify();
    rig.pump();
    rig.peerFin();
    QTRY_VERIFY(rig.isEnded);
    QVERIFY(rig.stream->write(pattern(100'000)));
    rig.stream->shutdownWrite();
    QTRY_COMPARE(rig.peer.received.size(), 100'000);
    QTRY_VERIFY(rig.peer.sawCloseNotify);
    QTRY_VERIFY(rig.raw->sawFin);
    QVERIFY(rig.peer.received == pattern(100'000));
}

void TestTlsStreamEnds::readsAfterItsOwnEnd()
{
    QFETCH(int, version);
    TlsRig rig(Below::Socket, m_good, version);
    QVERIFY(shake(rig));
    rig.stream->setReadEnabled(true);
    QVERIFY(rig.stream->write("question"));
    rig.stream->shutdownWrite();
    QVERIFY(!rig.stream->write("more"));
    QTRY_VERIFY(rig.peer.sawCloseNotify);
    QTRY_VERIFY(rig.raw->sawFin);
    QCOMPARE(rig.peer.received, "question");
    rig.peer.write(pattern(100'000));
    if (version == TLS1_3_VERSION)
        rig.peer.updateKeys(true); // the requested answer cannot be sent any more
    rig.peer.write("and more");
    QTRY_COMPARE(rig.received.size(), 100'008);
    rig.peer.closeNotify();
    QTRY_VERIFY(rig.isEnded);
    QCOMPARE(test::named(rig.stream->end()), test::named(StreamEnd::Fin));
    QCOMPARE(rig.failures, 0);
}

void TestTlsStreamEnds::aForgedRecordIsError()
{
    TlsRig rig(Below::Whole, m_good);
    QVERIFY(shake(rig));
    rig.stream->setReadEnabled(true);
    rig.isHeld = true;
    rig.peer.write("good");
    rig.deliver(rig.peer.take());
    rig.peer.write("bad");
    QByteArray octets = rig.peer.take();
    octets.back() = static_cast<char>(octets.back() ^ 1);
    rig.deliver(octets);
    QTRY_VERIFY(rig.isEnded);
    QCOMPARE(rig.received, "good");
    QCOMPARE(test::named(rig.stream->end()), test::named(StreamEnd::Error));
    QVERIFY(!rig.stream->write("x"));
    rig.stream->shutdownWrite();
    rig.peer.feed(rig.scripted->takeSent());
    QVERIFY(rig.peer.hasFailed); // bad_record_mac
}

void TestTlsStreamEnds::noticesReset_data()
{
    QTest::addColumn<bool>("isReading");
    QTest::newRow("while reading") << true;
    QTest::newRow("while paused") << false;
}

void TestTlsStreamEnds::noticesReset()
{
    QFETCH(bool, isReading);
    TlsRig rig(Below::Socket, m_good);
    QVERIFY(shake(rig));
    rig.stream->setReadEnabled(true);
    QTest::qWait(10);
    rig.stream->setReadEnabled(isReading);
    rig.peerReset();
    QTRY_VERIFY(rig.isEnded || rig.failures > 0);
    QCOMPARE(test::named(rig.stream->end()), test::named(StreamEnd::Reset));
    QCOMPARE(rig.failures, isReading ? 0 : 1);
    QVERIFY(!rig.stream->write("x"));
    rig.stream->setReadEnabled(true);
    QTRY_VERIFY(rig.isEnded);
    QCOMPARE(test::named(rig.stream->end()), test::named(StreamEnd::Reset));
    QCOMPARE(rig.failures, isReading ? 0 : 1);
}

void TestTlsStreamEnds::writeTellsThatThePeerIsGone()
{
    TlsRig rig(Below::Whole, m_good);
    QVERIFY(shake(rig));
    rig.scripted->close();
    QVERIFY(!rig.stream->write("x"));
    QCOMPARE(test::named(rig.stream->end()), test::named(StreamEnd::Reset));
    QTest::qWait(10);
    QCOMPARE(rig.failures, 0); // the return value has reported it
}

void TestTlsStreamEnds::mayBeLetGoInItsListenersCalls_data()
{
    QTest::addColumn<Below>("below");
    QTest::addColumn<QByteArray>("call");
    for (const Below below : { Below::Socket, Below::Whole }) {
        const char *kind = below == Below::Socket ? "a socket" : "a stream of the test's";
        for (const char *call : { "readable", "drained", "failed" })
            QTest::addRow("%s, over %s", call, kind) << below << QByteArray(call);
    }
}

void TestTlsStreamEnds::mayBeLetGoInItsListenersCalls()
{
    QFETCH(Below, below);
    QFETCH(QByteArray, call);
    TlsRig rig(below, m_good);
    QVERIFY(shake(rig));
    const auto letGo = [&rig] { rig.stream.reset(); };
    if (call == "readable") {
        rig.onReadable = letGo;
        rig.peer.write("x");
        rig.peer.write("y");
        rig.stream->setReadEnabled(true);
    } else if (call == "drained") {
        rig.onDrained = letGo;
        rig.isHeld = true;
        if (rig.scripted)
            rig.scripted->setBlocked(true);
        else
            rig.raw->setReading(false);
        QVERIFY(rig.stream->write(QByteArray(20 * 1024 * kilobyte, 'x')));
        rig.stream->setReadEnabled(true);
        if (rig.scripted)
            rig.scripted->setBlocked(false);
        else
            rig.raw->setReading(true);
    } else {
        rig.onFailed = letGo;
        rig.stream->setReadEnabled(true);
        QTest::qWait(10);
        rig.stream->setReadEnabled(false);
        rig.peerReset();
    }
    QTRY_VERIFY(!rig.stream);
    const int calls = rig.readables + rig.drains + rig.failures;
    QTest::qWait(10);
    QCOMPARE(rig.readables + rig.drains + rig.failures, calls);
}

void TestTlsStreamEnds::closeSendsCloseNotify()
{
    TlsRig rig(Below::Socket, m_good); // its tickets are not read
    QVERIFY(shake(rig));
    QVERIFY(rig.stream->write("bye"));
    rig.stream.reset();
    QTRY_VERIFY(rig.peer.sawCloseNotify);
    QCOMPARE(rig.peer.received, "bye");
    QTRY_VERIFY(rig.raw->sawFin);
    QVERIFY(!rig.raw->sawReset());
}

void TestTlsStreamEnds::resetSendsNone()
{
    TlsRig rig(Below::Socket, m_good);
    QVERIFY(shake(rig));
    rig.stream->reset();
    QVERIFY(!rig.stream->isOpen());
    QTRY_VERIFY(rig.raw->sawReset());
    QVERIFY(!rig.peer.sawCloseNotify);
}

QTEST_GUILESS_MAIN(TestTlsStreamEnds)
#include "tst_tlsstreamends.moc"
