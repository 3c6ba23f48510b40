// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "layerrig.h"
#include "route/connectlayer.h"

#include <QTest>

using namespace sami;
using namespace sami::net;
using namespace sami::route;
using sami::test::LayerRig;
using sami::test::Line;

Q_DECLARE_METATYPE(sami::test::Line)
Q_DECLARE_METATYPE(sami::route::ConnectRecipe)
Q_DECLARE_METATYPE(sami::net::DialFault)
Q_DECLARE_METATYPE(sami::net::StreamEnd)

namespace {

const ConnectRecipe recipe { { "api.example.com", 443 }, "Basic c2FtaTpzZWNyZXQ=", "1.1 sami-0a" };
const QByteArray established = "HTTP/1.1 200 Connection established\r\n\r\n";

LayerPtr layerOf(const ConnectRecipe &of = recipe)
{
    return LayerPtr(new ConnectLayer(of));
}

} // namespace

class TestConnectLayer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void asksWithARequestOfItsOwn_data();
    void asksWithARequestOfItsOwn();
    void hasAWay_data();
    void hasAWay();
    void keepsWhatCameEarly_data();
    void keepsWhatCameEarly();
    void waitsForTheAnswer();
    void tellsAnswersThatAreNone_data();
    void tellsAnswersThatAreNone();
    void tellsAnEnd_data();
    void tellsAnEnd();
    void nobodySpeaksBeforeItIsAsked();
    void aPeerThatIsGone();
    void isLateBecauseOfTheParent();
    void isLetGo_data();
    void isLetGo();
    void mayBeLetGoByWhoHears_data();
    void mayBeLetGoByWhoHears();
};

void TestConnectLayer::asksWithARequestOfItsOwn_data()
{
    QTest::addColumn<ConnectRecipe>("asked");
    QTest::addColumn<QByteArray>("head");
    QTest::newRow("S§9.3.6: with everything")
        << recipe
        << QByteArray("CONNECT api.example.com:443 HTTP/1.1\r\nHost: api.example.com:443\r\n"
                      "Via: 1.1 sami-0a\r\nProxy-Authorization: Basic c2FtaTpzZWNyZXQ=\r\n\r\n");
    QTest::newRow("S§9.3.6: without credentials")
        << ConnectRecipe { { "api.example.com", 80 }, {}, "1.1 sami-0a" }
        << QByteArray("CONNECT api.example.com:80 HTTP/1.1\r\nHost: api.example.com:80\r\n"
                      "Via: 1.1 sami-0a\r\n\r\n");
    QTest::newRow("RFC 3986 §3.2.2: an IPv6 address in brackets")
        << ConnectRecipe { { "2001:db8::1", 443 }, {}, {} }
        << QByteArray("CONNECT [2001:db8::1]:443 HTTP/1.1\r\nHost: [2001:db8::1]:443\r\n\r\n");
}

void TestConnectLayer::asksWithARequestOfItsOwn()
{
    QFETCH(ConnectRecipe, asked);
    QFETCH(QByteArray, head);
    LayerRig rig(Line::Whole, layerOf(asked));
    QCOMPARE(rig.asked(), "");
    rig.start();
    QCOMPARE(rig.asked(), head);
    QTest::qWait(1);
    QCOMPARE(rig.asked(), head);
    QCOMPARE(rig.ends, 0);
}

void TestConnectLayer::hasAWay_data()
{
    QTest::addColumn<Line>("line");
    test::addLines([](const char *name, Line line) { QTest::newRow(name) << line; });
}

void TestConnectLayer::hasAWay()
{
    QFETCH(Line, line);
    LayerRig rig(line, layerOf());
    rig.start();
    QTRY_VERIFY(rig.asked().endsWith("\r\n\r\n"));
    rig.answer("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
               + established);
    QTRY_COMPARE(rig.ends, 1);
    QCOMPARE(rig.outcome(), "way");
    QVERIFY(rig.way->early.isEmpty());
    QVERIFY(!rig.way->stream->isReadEnabled());
    QVERIFY(rig.way->stream->write("hello"));
    QTRY_VERIFY(rig.asked().endsWith("\r\n\r\nhello"));
}

void TestConnectLayer::keepsWhatCameEarly_data()
{
    QTest::addColumn<Line>("line");
    QTest::addColumn<qsizetype>("cut");
    const qsizetype whole = (established + "220 ready").size();
    for (qsizetype cut = 0; cut <= whole; ++cut)
        QTest::addRow("cut at %d", int(cut)) << Line::Whole << cut;
    QTest::newRow("over a socket") << Line::Socket << whole;
    QTest::newRow("an octet at a time") << Line::Octets << whole;
}

void TestConnectLayer::keepsWhatCameEarly()
{
    QFETCH(Line, line);
    QFETCH(qsizetype, cut);
    const QByteArray whole = established + "220 ready";
    LayerRig rig(line, layerOf());
    rig.start();
    rig.answer(whole.first(cut));
    QTest::qWait(1);
    QCOMPARE(rig.ends, cut < established.size() || line == Line::Socket ? rig.ends : 1);
    rig.answer(whole.sliced(cut));
    QTRY_COMPARE(rig.ends, 1);
    QCOMPARE(rig.outcome(), "way");
    // What was not read with the answer is still in the stream.
    QByteArray rest = rig.way->early;
    const auto readRest = [&rig, &rest] {
        char block[64];
        const auto [status, size] = rig.way->stream->read(block, sizeof block);
        if (status == ByteStream::ReadResult::Status::Data)
            rest.append(block, size);
        return rest;
    };
    QTRY_COMPARE(readRest(), "220 ready");
}

void TestConnectLayer::waitsForTheAnswer()
{
    LayerRig rig(Line::Whole, layerOf());
    rig.start();
    rig.answer("HTTP/1.1 200 OK\r\nX: y\r\n");
    QTest::qWait(10);
    QCOMPARE(rig.ends, 0);
    rig.answer("\r\n");
    QTRY_COMPARE(rig.ends, 1);
}

void TestConnectLayer::tellsAnswersThatAreNone_data()
{
    QTest::addColumn<QByteArray>("octets");
    QTest::addColumn<DialFault>("fault");
    const auto row = [](const char *title, const QByteArray &octets, DialFault fault) {
        QTest::newRow(title) << octets << fault;
    };
    using F = DialFault;
    row("garbage", "\x16\x03\x01\x02\x00\x01", F::ParentProtocol);
    row("another protocol's greeting", "SSH-2.0-OpenSSH_9.2\r\n", F::ParentProtocol);
    row("another version", "HTTP/2.0 200 OK\r\n\r\n", F::ParentProtocol);
    row("a redirect", "HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n", F::ParentProtocol);
    row("another protocol", "HTTP/1.1 101 Switching Protocols\r\n\r\n", F::ParentProtocol);
    row("line ends that others read otherwise", "HTTP/1.1 200 OK\nX: y\n\n", F::ParentProtocol);
    row("a name that others read otherwise", "HTTP/1.1 200 OK\r\nX : y\r\n\r\n", F::ParentProtocol);
    row("the same in an interim answer", "HTTP/1.1 100 Continue\n\n", F::ParentProtocol);
    row("NUL", QByteArray("HTTP/1.1 200 OK\r\nX: \0\r\n\r\n", 25), F::ParentProtocol);
    row("a head without an end", "HTTP/1.1 200 OK\r\nX: " + QByteArray(17 * 1024, 'x'),
        F::ParentProtocol);
    row("fields without an end", "HTTP/1.1 200 OK\r\n" + QByteArray("X: y\r\n").repeated(200),
        F::ParentProtocol);
    row("a reason without an end", "HTTP/1.1 200 " + QByteArray(17 * 1024, 'x'), F::ParentProtocol);
    row("interim answers without an end", QByteArray("HTTP/1.1 100 Continue\r\n\r\n").repeated(10),
        F::ParentProtocol);
    row("busy, and a page about it",
        "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 5\r\n\r\nsorry", F::ParentUnavailable);
    row("credentials, and a page about them",
        "HTTP/1.1 407 x\r\nProxy-Authenticate: Basic realm=x\r\nContent-Length: 99\r\n\r\nsorry",
        F::ParentCredentials);
    row("a host that is down",
        "HTTP/1.1 502 x\r\nProxy-Status: p; error=connection_refused\r\n\r\n",
        F::ConnectionRefused);
}

void TestConnectLayer::tellsAnswersThatAreNone()
{
    QFETCH(QByteArray, octets);
    QFETCH(DialFault, fault);
    for (const Line line : { Line::Whole, Line::Octets, Line::Socket }) {
        LayerRig rig(line, layerOf());
        rig.start();
        rig.answer(octets);
        QTRY_COMPARE(rig.ends, 1);
        QVERIFY2(rig.error, "it is none");
        QCOMPARE(int(rig.error->fault), int(fault));
        QCOMPARE(int(rig.error->blame),
                 int(fault == DialFault::ConnectionRefused ? Blame::Beyond : Blame::Parent));
        QVERIFY(!rig.error->detail.isEmpty());
        // The connection is not kept.
        if (rig.raw)
            QTRY_VERIFY(rig.raw->sawFin || rig.raw->sawReset());
    }
}

void TestConnectLayer::tellsAnEnd_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<StreamEnd>("end");
    QTest::addColumn<DialFault>("fault");
    for (const StreamEnd end : { StreamEnd::Fin, StreamEnd::Reset }) {
        const char *how = end == StreamEnd::Fin ? "end" : "reset";
        QTest::addRow("an %s without a word", how)
            << QByteArray() << end << DialFault::ConnectionReset;
        QTest::addRow("an %s after one octet", how)
            << QByteArray("H") << end << DialFault::ParentProtocol;
        QTest::addRow("an %s amid the head", how)
            << QByteArray("HTTP/1.1 200 OK\r\n") << end << DialFault::ParentProtocol;
        QTest::addRow("an %s after an interim answer", how)
            << QByteArray("HTTP/1.1 100 Continue\r\n\r\n") << end << DialFault::ParentProtocol;
    }
}

void TestConnectLayer::tellsAnEnd()
{
    QFETCH(QByteArray, before);
    QFETCH(StreamEnd, end);
    QFETCH(DialFault, fault);
    LayerRig rig(Line::Whole, layerOf());
    rig.start();
    if (!before.isEmpty()) {
        rig.answer(before);
        QTRY_COMPARE(rig.scripted->unread(), qsizetype(0));
    }
    rig.end(end);
    QTRY_COMPARE(rig.ends, 1);
    QVERIFY(rig.error);
    QCOMPARE(int(rig.error->fault), int(fault));
    QCOMPARE(int(rig.error->blame), int(Blame::Parent));
}

void TestConnectLayer::nobodySpeaksBeforeItIsAsked()
{
    LayerRig rig(Line::Whole, layerOf());
    rig.start(established);
    QCOMPARE(rig.ends, 1);
    QCOMPARE(rig.outcome(), "the parent proxy spoke before it was asked");
    QCOMPARE(rig.asked(), "");
}

void TestConnectLayer::aPeerThatIsGone()
{
    LayerRig rig(Line::Whole, layerOf());
    rig.scripted->arriveEnd(StreamEnd::Reset);
    rig.start();
    QTRY_COMPARE(rig.ends, 1);
    QCOMPARE(int(rig.error->fault), int(DialFault::ConnectionReset));
}

void TestConnectLayer::isLateBecauseOfTheParent()
{
    const LayerRig rig(Line::Whole, layerOf());
    QCOMPARE(int(rig.layer->late().fault), int(DialFault::ConnectTimeout));
    QCOMPARE(int(rig.layer->late().blame), int(Blame::Parent));
}

void TestConnectLayer::isLetGo_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::newRow("before it was asked for anything") << QByteArray("-");
    QTest::newRow("while it waits") << QByteArray();
    QTest::newRow("amid the answer") << established.first(10);
    QTest::newRow("when the answer is there") << established;
}

void TestConnectLayer::isLetGo()
{
    QFETCH(QByteArray, before);
    LayerRig rig(Line::Socket, layerOf());
    const QPointer<Layer> watched(rig.layer.get());
    if (before != "-") {
        rig.start();
        rig.answer(before);
    }
    rig.layer.reset();
    QTRY_VERIFY(!watched);
    QTest::qWait(1);
    QCOMPARE(rig.ends, 0);
    if (before != "-")
        QTRY_VERIFY(rig.raw->sawFin || rig.raw->sawReset());
}

void TestConnectLayer::mayBeLetGoByWhoHears_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::newRow("of a way") << established;
    QTest::newRow("of a failure") << QByteArray("garbage");
    QTest::newRow("of a refusal") << QByteArray("HTTP/1.1 403 Forbidden\r\n\r\n");
}

void TestConnectLayer::mayBeLetGoByWhoHears()
{
    QFETCH(QByteArray, answer);
    LayerRig rig(Line::Socket, layerOf());
    const QPointer<Layer> watched(rig.layer.get());
    rig.whenOver = [&rig] {
        rig.way.reset();
        rig.layer.reset();
    };
    rig.start();
    rig.answer(answer);
    QTRY_COMPARE(rig.ends, 1);
    QTRY_VERIFY(!watched);
    QTRY_VERIFY(rig.raw->sawFin || rig.raw->sawReset());
}

QTEST_GUILESS_MAIN(TestConnectLayer)
#include "tst_connectlayer.moc"
