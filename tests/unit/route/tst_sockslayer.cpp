// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "layerrig.h"
#include "route/sockslayer.h"

#include <QTest>

using namespace sami;
using namespace sami::net;
using namespace sami::route;
using sami::test::LayerRig;
using sami::test::Line;

Q_DECLARE_METATYPE(sami::test::Line)
Q_DECLARE_METATYPE(sami::route::SocksRecipe)
Q_DECLARE_METATYPE(sami::net::DialFault)
Q_DECLARE_METATYPE(sami::net::Blame)
Q_DECLARE_METATYPE(sami::net::StreamEnd)

namespace {

const SocksRecipe open { { "api.example.com", 443 } };
const SocksRecipe locked { { "api.example.com", 443 }, "sami", "secret" };

const QByteArray greeting("\x05\x01\x00", 3);
const QByteArray lockedGreeting("\x05\x02\x02\x00", 4);
const QByteArray pair("\x01\x04sami\x06secret", 13);
const QByteArray request =
    QByteArray("\x05\x01\x00\x03\x0f", 5) + "api.example.com" + QByteArray("\x01\xbb", 2);

const QByteArray noMethod("\x05\x00", 2);
const QByteArray userPassword("\x05\x02", 2);
const QByteArray welcome("\x01\x00", 2);
const QByteArray success("\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00", 10);

LayerPtr layerOf(const SocksRecipe &recipe)
{
    return LayerPtr(new SocksLayer(recipe));
}

QByteArray replyOf(char code)
{
    QByteArray reply = success;
    reply[1] = code;
    return reply;
}

} // namespace

class TestSocksLayer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void hasAWay_data();
    void hasAWay();
    void sendsWhatItIsAskedFor_data();
    void sendsWhatItIsAskedFor();
    void keepsWhatCameEarly_data();
    void keepsWhatCameEarly();
    void tellsFailures_data();
    void tellsFailures();
    void tellsAnEnd_data();
    void tellsAnEnd();
    void refusesWhatDoesNotFit();
    void isLetGo_data();
    void isLetGo();
};

void TestSocksLayer::hasAWay_data()
{
    QTest::addColumn<Line>("line");
    QTest::addColumn<bool>("isLocked");
    QTest::addColumn<bool>("isAsked");
    test::addLines([](const char *name, Line line) {
        QTest::addRow("open, %s", name) << line << false << false;
        QTest::addRow("with credentials, %s", name) << line << true << true;
        QTest::addRow("with credentials that nobody wants, %s", name) << line << true << false;
    });
}

void TestSocksLayer::hasAWay()
{
    QFETCH(Line, line);
    QFETCH(bool, isLocked);
    QFETCH(bool, isAsked);
    LayerRig rig(line, layerOf(isLocked ? locked : open));
    rig.start();
    QByteArray said = isLocked ? lockedGreeting : greeting;
    QTRY_COMPARE(rig.asked(), said);
    rig.answer(isAsked ? userPassword : noMethod);
    if (isAsked) {
        said += pair;
        QTRY_COMPARE(rig.asked(), said);
        rig.answer(welcome);
    }
    said += request;
    QTRY_COMPARE(rig.asked(), said);
    QCOMPARE(rig.ends, 0);
    rig.answer(success);
    QTRY_COMPARE(rig.ends, 1);
    QCOMPARE(rig.outcome(), "way");
    QVERIFY(rig.way->early.isEmpty());
    QVERIFY(!rig.way->stream->isReadEnabled());
    QVERIFY(rig.way->stream->write("hello"));
    QTRY_COMPARE(rig.asked(), said + "hello");
}

void TestSocksLayer::sendsWhatItIsAskedFor_data()
{
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<QByteArray>("address");
    QTest::newRow("RFC 1928 §5: a name travels as a name")
        << QByteArray("a.example") << QByteArray("\x03\x09") + "a.example";
    QTest::newRow("RFC 1928 §5: an IPv4 address")
        << QByteArray("192.0.2.7") << QByteArray("\x01\xc0\x00\x02\x07", 5);
    QTest::newRow("RFC 1928 §5: an IPv6 address")
        << QByteArray("2001:db8::1")
        << QByteArray("\x04\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01", 17);
}

void TestSocksLayer::sendsWhatItIsAskedFor()
{
    QFETCH(QByteArray, host);
    QFETCH(QByteArray, address);
    LayerRig rig(Line::Whole, layerOf({ { host, 8443 }, {}, {} }));
    rig.start();
    rig.answer(noMethod);
    QTRY_COMPARE(rig.asked(),
                 greeting + QByteArray("\x05\x01\x00", 3) + address + QByteArray("\x20\xfb", 2));
}

void TestSocksLayer::keepsWhatCameEarly_data()
{
    QTest::addColumn<qsizetype>("cut");
    for (qsizetype cut = 0; cut <= success.size() + 9; ++cut)
        QTest::addRow("cut at %d", int(cut)) << cut;
}

void TestSocksLayer::keepsWhatCameEarly()
{
    QFETCH(qsizetype, cut);
    const QByteArray whole = success + "220 ready";
    LayerRig rig(Line::Whole, layerOf(open));
    rig.start();
    rig.answer(noMethod);
    QTRY_COMPARE(rig.asked(), greeting + request);
    rig.answer(whole.first(cut));
    QTest::qWait(1);
    QCOMPARE(rig.ends, cut < success.size() ? 0 : 1);
    rig.answer(whole.sliced(cut));
    QTRY_COMPARE(rig.ends, 1);
    QByteArray rest = rig.way->early;
    char block[64];
    const auto [status, size] = rig.way->stream->read(block, sizeof block);
    if (status == ByteStream::ReadResult::Status::Data)
        rest.append(block, size);
    QCOMPARE(rest, "220 ready");
}

void TestSocksLayer::tellsFailures_data()
{
    QTest::addColumn<SocksRecipe>("recipe");
    QTest::addColumn<QByteArrayList>("answers");
    QTest::addColumn<DialFault>("fault");
    QTest::addColumn<Blame>("blame");
    const auto row = [](const char *title, const SocksRecipe &recipe, const QByteArrayList &answers,
                        DialFault fault, Blame blame) {
        QTest::newRow(title) << recipe << answers << fault << blame;
    };
    using F = DialFault;
    const Blame parent = Blame::Parent;
    const Blame destination = Blame::Beyond;
    row("HTTP", open, { "HTTP/1.1 400 Bad Request\r\n\r\n" }, F::ParentProtocol, parent);
    row("no method will do", open, { "\x05\xff" }, F::ParentCredentials, parent);
    row("no method will do, with credentials", locked, { "\x05\xff" }, F::ParentCredentials,
        parent);
    row("GSSAPI, which was not offered", open, { "\x05\x01" }, F::ParentProtocol, parent);
    row("credentials, which were not offered", open, { userPassword }, F::ParentProtocol, parent);
    row("wrong credentials", locked, { userPassword, "\x01\x01" }, F::ParentCredentials, parent);
    row("a status of another version", locked, { userPassword, QByteArray("\x05\x00", 2) },
        F::ParentProtocol, parent);
    row("it answers what it was not asked yet", open, { noMethod + success }, F::ParentProtocol,
        parent);
    row("the same before credentials", locked, { userPassword + welcome }, F::ParentProtocol,
        parent);
    row("a reply of another version", open, { noMethod, "\x04" }, F::ParentProtocol, parent);
    row("an address of no kind", open, { noMethod, QByteArray("\x05\x00\x00\x02", 4) },
        F::ParentProtocol, parent);
    const auto reply = [&](const char *title, char code, DialFault fault, Blame blame) {
        row(title, open, { noMethod, replyOf(code) }, fault, blame);
    };
    reply("RFC 1928 §6: general failure", 1, F::DestinationFailed, destination);
    reply("RFC 1928 §6: not allowed", 2, F::ParentForbids, destination);
    reply("RFC 1928 §6: network unreachable", 3, F::Unreachable, destination);
    reply("RFC 1928 §6: host unreachable", 4, F::Unreachable, destination);
    reply("RFC 1928 §6: refused", 5, F::ConnectionRefused, destination);
    reply("RFC 1928 §6: TTL expired", 6, F::ConnectTimeout, destination);
    reply("RFC 1928 §6: no such command", 7, F::ParentProtocol, parent);
    reply("RFC 1928 §6: no such kind of address", 8, F::DestinationFailed, destination);
    reply("a code that nobody knows", 99, F::DestinationFailed, destination);
}

void TestSocksLayer::tellsFailures()
{
    QFETCH(SocksRecipe, recipe);
    QFETCH(QByteArrayList, answers);
    QFETCH(DialFault, fault);
    QFETCH(Blame, blame);
    for (const Line line : { Line::Whole, Line::Socket }) {
        LayerRig rig(line, layerOf(recipe));
        rig.start();
        qsizetype said = 0;
        for (const QByteArray &answer : answers) {
            QTRY_VERIFY(rig.asked().size() > said); // it has its turn
            said = rig.asked().size();
            rig.answer(answer);
            QTRY_VERIFY(rig.asked().size() > said || rig.ends == 1);
        }
        QTRY_COMPARE(rig.ends, 1);
        QVERIFY(rig.error);
        QCOMPARE(int(rig.error->fault), int(fault));
        QCOMPARE(int(rig.error->blame), int(blame));
        if (rig.raw)
            QTRY_VERIFY(rig.raw->sawFin || rig.raw->sawReset());
    }
}

void TestSocksLayer::tellsAnEnd_data()
{
    QTest::addColumn<QByteArrayList>("before");
    QTest::addColumn<StreamEnd>("end");
    QTest::addColumn<DialFault>("fault");
    QTest::addColumn<Blame>("blame");
    for (const StreamEnd end : { StreamEnd::Fin, StreamEnd::Reset }) {
        const char *how = end == StreamEnd::Fin ? "end" : "reset";
        QTest::addRow("an %s without a word", how)
            << QByteArrayList() << end << DialFault::ConnectionReset << Blame::Parent;
        QTest::addRow("an %s amid the first message", how)
            << QByteArrayList { "\x05" } << end << DialFault::ParentProtocol << Blame::Parent;
        QTest::addRow("an %s in place of a reply", how)
            << QByteArrayList { noMethod } << end << DialFault::DestinationFailed << Blame::Beyond;
        QTest::addRow("an %s amid the reply", how)
            << QByteArrayList { noMethod, success.first(5) } << end << DialFault::ParentProtocol
            << Blame::Parent;
    }
}

void TestSocksLayer::tellsAnEnd()
{
    QFETCH(QByteArrayList, before);
    QFETCH(StreamEnd, end);
    QFETCH(DialFault, fault);
    QFETCH(Blame, blame);
    LayerRig rig(Line::Whole, layerOf(open));
    rig.start();
    for (const QByteArray &answer : before) {
        rig.answer(answer);
        QTRY_COMPARE(rig.scripted->unread(), qsizetype(0));
    }
    QCOMPARE(rig.ends, 0);
    rig.end(end);
    QTRY_COMPARE(rig.ends, 1);
    QVERIFY(rig.error);
    QCOMPARE(int(rig.error->fault), int(fault));
    QCOMPARE(int(rig.error->blame), int(blame));
}

void TestSocksLayer::refusesWhatDoesNotFit()
{
    for (const SocksRecipe &recipe : { SocksRecipe { open.target, QByteArray(256, 'u'), "p" },
                                       SocksRecipe { open.target, "u", QByteArray(256, 'p') } }) {
        LayerRig rig(Line::Whole, layerOf(recipe));
        rig.start();
        QCOMPARE(rig.ends, 1);
        QCOMPARE(int(rig.error->fault), int(DialFault::ParentCredentials));
        QCOMPARE(rig.asked(), "");
    }
    LayerRig early(Line::Whole, layerOf(open));
    early.start(noMethod);
    QCOMPARE(early.outcome(), "the parent proxy spoke before it was asked");
}

void TestSocksLayer::isLetGo_data()
{
    QTest::addColumn<QByteArrayList>("before");
    QTest::newRow("while it waits for the method") << QByteArrayList();
    QTest::newRow("while it waits for the reply") << QByteArrayList { noMethod };
    QTest::newRow("amid the reply") << QByteArrayList { noMethod, success.first(4) };
    QTest::newRow("when the reply is there") << QByteArrayList { noMethod, success };
}

void TestSocksLayer::isLetGo()
{
    QFETCH(QByteArrayList, before);
    LayerRig rig(Line::Whole, layerOf(open));
    rig.start();
    for (const QByteArray &answer : before) {
        rig.answer(answer);
        if (answer != before.constLast())
            QTRY_COMPARE(rig.scripted->unread(), qsizetype(0));
    }
    const QPointer<Layer> watched(rig.layer.get());
    rig.layer.reset();
    QTRY_VERIFY(!watched && !rig.scripted);
    QCOMPARE(rig.ends, 0);
}

QTEST_GUILESS_MAIN(TestSocksLayer)
#include "tst_sockslayer.moc"
