// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/intake.h"
#include "serverrig.h"

using namespace sami;
using namespace sami::http;
using namespace sami::server;

namespace {

bool isSame(const RequestHead &left, const RequestHead &right)
{
    return left.method == right.method && left.target == right.target
        && left.version == right.version && left.fields == right.fields
        && left.isLenient == right.isLenient;
}

} // namespace

class TestIntake : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void truthTable_data();
    void truthTable();
    void targets_data();
    void targets();
    void framesTheBody_data();
    void framesTheBody();
    void tellsWhatTheClientWants_data();
    void tellsWhatTheClientWants();
    void showsTheLogNoSecrets_data();
    void showsTheLogNoSecrets();
    void takesTheHead();
    void countsWhatItHolds();
    void forgetsItsFields();
};

/// The truth table of intake.h; status 0 means served. A refused head stays unchanged.
void TestIntake::truthTable_data()
{
    QTest::addColumn<QByteArray>("head");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<bool>("hasCertainEnd");
    const auto served = [](const char *name, const QByteArray &head, bool hasCertainEnd) {
        QTest::newRow(name) << head << 0 << QByteArray() << hasCertainEnd;
    };
    const auto refused = [](const char *name, const QByteArray &head, int status,
                            const char *code) {
        QTest::newRow(name) << head << status << QByteArray(code) << false;
    };
    const auto misframed = [&](const char *name, const QByteArray &fields, FramingFault fault) {
        refused(name, "POST http://a/ HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n",
                faultStatus(fault), toString(fault));
    };

    served("B§4: one well-formed Host", "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n", true);
    served("B§4: an empty Host is well-formed", "GET http://a/ HTTP/1.1\r\nHost:\r\n\r\n", true);
    served("B§4: HTTP/1.0 needs no Host", "GET http://a/ HTTP/1.0\r\n\r\n", true);
    refused("B§4: no Host in HTTP/1.1", "GET http://a/ HTTP/1.1\r\n\r\n", 400, "bad_host_field");
    refused("B§4: two Hosts", "GET http://a/ HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400,
            "bad_host_field");
    refused("B§4: two Hosts in HTTP/1.0", "GET http://a/ HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n",
            400, "bad_host_field");
    refused("B§4: a malformed Host", "GET http://a/ HTTP/1.1\r\nHost: a/b\r\n\r\n", 400,
            "bad_host_field");
    refused("B§4: a malformed Host in HTTP/1.0", "GET http://a/ HTTP/1.0\r\nHost: a/b\r\n\r\n", 400,
            "bad_host_field");
    refused("B§4: a page has a Host too", "GET /health HTTP/1.1\r\n\r\n", 400, "bad_host_field");
    refused("B§4: of two faults the target's is told", "GET ftp://a/ HTTP/1.1\r\n\r\n", 400,
            toString(TargetFault::UnsupportedScheme));
    refused("B§4: of two faults Host's is told before the length's",
            "POST http://a/ HTTP/1.1\r\nContent-Length: x\r\n\r\n", 400, "bad_host_field");

    misframed("B§4: a length beside a coding",
              "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n",
              FramingFault::LengthAndTransferEncoding);
    misframed("B§4: several lengths", "Content-Length: 1\r\nContent-Length: 1\r\n",
              FramingFault::SeveralLengths);
    misframed("B§4: a length that is not digits", "Content-Length: +1\r\n",
              FramingFault::BadLength);
    misframed("B§4: chunked is not the last coding", "Transfer-Encoding: chunked, gzip\r\n",
              FramingFault::ChunkedNotLast);
    misframed("B§7: a coding that nobody knows is a 501", "Transfer-Encoding: gzip, chunked\r\n",
              FramingFault::UnknownCoding);

    const QByteArray connect = "CONNECT a:443 HTTP/1.1\r\n";
    served("B§4: a CONNECT like any other", connect + "Host: a:443\r\n\r\n", true);
    served("B§4: a CONNECT of HTTP/1.0 needs no Host", "CONNECT a:443 HTTP/1.0\r\n\r\n", true);
    served("B§6: a CONNECT without Host is served, its end is not certain", connect + "\r\n",
           false);
    served("B§6: a CONNECT with two Hosts", connect + "Host: a\r\nHost: a\r\n\r\n", false);
    served("B§6: a CONNECT with a malformed Host", connect + "Host: a/b\r\n\r\n", false);
    served("B§6: a CONNECT with a length", connect + "Host: a\r\nContent-Length: 5\r\n\r\n", false);
    served("B§6: a CONNECT with a length of nothing",
           connect + "Host: a\r\nContent-Length: 0\r\n\r\n", false);
    served("B§6: a CONNECT with a length that is none",
           connect + "Host: a\r\nContent-Length: x\r\n\r\n", false);
    served("B§6: a CONNECT with a coding",
           connect + "Host: a\r\nTransfer-Encoding: chunked\r\n\r\n", false);
    served("B§6: a CONNECT with a length and an unknown coding",
           connect + "Host: a\r\nContent-Length: 1\r\nTransfer-Encoding: gzip\r\n\r\n", false);
    served("B§6: a CONNECT with line ends of LF", "CONNECT a:443 HTTP/1.1\nHost: a\n\n", false);
    served("B§6: a CONNECT with a control in a field nobody reads",
           connect + "Host: a\r\nX: \x01\r\n\r\n", false);
    refused("B§4: a CONNECT's target is read", "CONNECT a HTTP/1.1\r\nHost: a\r\n\r\n", 400,
            toString(TargetFault::ConnectNeedsPort));
}

void TestIntake::truthTable()
{
    QFETCH(QByteArray, head);
    QFETCH(int, status);
    QFETCH(QByteArray, code);
    QFETCH(bool, hasCertainEnd);

    RequestHead parsed = rig::headOf(head);
    const RequestHead before = parsed;
    const auto intake = readIntake(parsed);
    if (status == 0) {
        QVERIFY2(intake, intake ? "" : intake.error().reason.code());
        QCOMPARE(intake->hasCertainEnd, hasCertainEnd);
        QVERIFY(isSame(intake->head, before));
        return;
    }
    QVERIFY(!intake);
    QCOMPARE(intake.error().status, status);
    QCOMPARE(rig::code(intake.error().reason), code);
    QVERIFY(isSame(parsed, before));
}

void TestIntake::targets_data()
{
    QTest::addColumn<QByteArray>("requestLine");
    QTest::addColumn<TargetFault>("fault");
    QTest::addColumn<QByteArray>("advice");
    const auto row = [](const char *name, const char *line, TargetFault fault, const char *advice) {
        QTest::newRow(name) << QByteArray(line) << fault << QByteArray(advice);
    };
    row("B§7: a CONNECT without a port is told to add it", "CONNECT secret.test",
        TargetFault::ConnectNeedsPort, "Add the port: \"host:443\"");
    row("B§7: a CONNECT with a URL is told what it takes", "CONNECT https://secret.test/",
        TargetFault::ConnectTakesHostAndPortOnly, "without \"https://\", path or user name");
    row("B§7: a CONNECT with a bad port is told the range", "CONNECT secret.test:0",
        TargetFault::BadPort, "a port from 1 to 65535");
    row("B§7: a CONNECT with a bad host is told the form", "CONNECT secret%test:443",
        TargetFault::BadHost, "a host and a port from 1 to 65535");
    row("B§7: an IPv6 address is shown in brackets", "CONNECT 2001:db8::5ec:443",
        TargetFault::BareIpv6, "\"[::1]:443\"");
    row("B§7: an IPv6 address in a URL is shown in brackets", "GET http://2001:db8::5ec/",
        TargetFault::BareIpv6, "\"http://[::1]/path\"");
    row("B§7: another scheme is told the two", "GET ftp://secret.test/",
        TargetFault::UnsupportedScheme, "\"http://host/path\" or \"https://host/path\"");
    row("B§7: a host in a URL that is none", "GET http://secret%test/", TargetFault::BadHost,
        "\"http://host/path\"");
    row("B§7: a host and port without CONNECT", "GET secret.test:443", TargetFault::BadForm,
        "\"http://host/path\"");
}

/// The advice is a fixed example: the answer repeats nothing from the request.
void TestIntake::targets()
{
    QFETCH(QByteArray, requestLine);
    QFETCH(TargetFault, fault);
    QFETCH(QByteArray, advice);

    const auto intake = readIntake(rig::headOf(requestLine + " HTTP/1.1\r\nHost: a\r\n\r\n"));
    QVERIFY(!intake);
    const Reply &reply = intake.error();
    QCOMPARE(reply.status, 400);
    QCOMPARE(rig::code(reply.reason), QByteArray(toString(fault)));
    QVERIFY2(reply.body.startsWith(replyText(fault).text), reply.body.constData());
    QVERIFY2(reply.body.contains(advice), reply.body.constData());
    QVERIFY(reply.body.endsWith(".\n"));
    const QByteArray octets = reply.write(false, false);
    QVERIFY2(!octets.contains("secret"), octets.constData());
    QVERIFY2(!octets.contains("5ec"), octets.constData());
}

void TestIntake::framesTheBody_data()
{
    QTest::addColumn<QByteArray>("head");
    QTest::addColumn<BodyKind>("kind");
    QTest::addColumn<quint64>("length");
    const QByteArray post = "POST http://a/ HTTP/1.1\r\nHost: a\r\n";
    QTest::newRow("B§4: nothing is said of a body") << post + "\r\n" << BodyKind::None << 0ULL;
    QTest::newRow("B§4: a length") << post + "Content-Length: 12\r\n\r\n"
                                   << BodyKind::Length << 12ULL;
    QTest::newRow("B§4: chunked") << post + "Transfer-Encoding: chunked\r\n\r\n"
                                  << BodyKind::Chunked << 0ULL;
    QTest::newRow("S§9.3.6: a CONNECT has no body, whatever its fields say")
        << QByteArray("CONNECT a:443 HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\n\r\n")
        << BodyKind::None << 0ULL;
}

void TestIntake::framesTheBody()
{
    QFETCH(QByteArray, head);
    QFETCH(BodyKind, kind);
    QFETCH(quint64, length);
    const Intake intake = rig::intakeOf(head);
    QCOMPARE(rig::name(intake.framing.kind), rig::name(kind));
    QCOMPARE(intake.framing.length, length);
}

/// `wants` has "connect", "head", "persists", "websocket", "continue", for each that applies.
void TestIntake::tellsWhatTheClientWants_data()
{
    QTest::addColumn<QByteArray>("head");
    QTest::addColumn<QByteArray>("wants");
    const auto row = [](const char *name, const QByteArray &requestLine, const QByteArray &fields,
                        const char *wants) {
        QTest::newRow(name) << requestLine + "\r\nHost: a\r\n" + fields + "\r\n"
                            << QByteArray(wants);
    };
    const QByteArray upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\n";
    row("B§6: an HTTP/1.1 client is kept", "GET http://a/ HTTP/1.1", {}, "persists");
    row("B§6: one that closes is not", "GET http://a/ HTTP/1.1", "Connection: close\r\n", "");
    row("B§6: nor one that says so to the proxy", "GET http://a/ HTTP/1.1",
        "Proxy-Connection: close\r\n", "");
    row("B§6: nor is an HTTP/1.0 client", "GET http://a/ HTTP/1.0", "Connection: keep-alive\r\n",
        "");
    row("B§4: a CONNECT", "CONNECT a:443 HTTP/1.1", {}, "connect persists");
    row("B§4: the case of a method counts", "connect http://a/ HTTP/1.1", {}, "persists");
    row("B§5: a HEAD", "HEAD http://a/ HTTP/1.1", {}, "head persists");
    row("B§4: a WebSocket", "GET ws://a/ HTTP/1.1", upgrade, "persists websocket");
    row("B§4: a WebSocket with a length of nothing", "GET http://a/ HTTP/1.1",
        upgrade + "Content-Length: 0\r\n", "persists websocket");
    row("B§4: with a body it is none", "GET http://a/ HTTP/1.1", upgrade + "Content-Length: 1\r\n",
        "persists");
    row("B§4: nor without Connection", "GET http://a/ HTTP/1.1", "Upgrade: websocket\r\n",
        "persists");
    row("B§4: nor another protocol", "GET http://a/ HTTP/1.1",
        "Connection: Upgrade\r\nUpgrade: h2c\r\n", "persists");
    row("B§4: nor of another method", "POST http://a/ HTTP/1.1", upgrade, "persists");
    row("B§4: nor of the proxy itself", "GET /health HTTP/1.1", upgrade, "persists");
    row("B§4: it waits for 100", "POST http://a/ HTTP/1.1", "Expect: 100-continue\r\n",
        "persists continue");
    row("B§4: in any case and beside another", "POST http://a/ HTTP/1.1",
        "Expect: x, 100-Continue\r\n", "persists continue");
    row("B§4: another expectation is none of it", "POST http://a/ HTTP/1.1", "Expect: x\r\n",
        "persists");
}

void TestIntake::tellsWhatTheClientWants()
{
    QFETCH(QByteArray, head);
    QFETCH(QByteArray, wants);
    const Intake intake = rig::intakeOf(head);
    QByteArrayList told;
    if (intake.isConnect())
        told << "connect";
    if (intake.isHead())
        told << "head";
    if (intake.persists)
        told << "persists";
    if (intake.asksForWebSocket)
        told << "websocket";
    if (intake.expectsContinue())
        told << "continue";
    QCOMPARE(told.join(' '), wants);
}

void TestIntake::showsTheLogNoSecrets_data()
{
    QTest::addColumn<QByteArray>("requestLine");
    QTest::addColumn<QByteArray>("shown");
    QTest::newRow("B§8: neither query nor user information")
        << QByteArray("GET http://u:p@a.test:8080/b?key=1") << QByteArray("http://a.test:8080/b");
    QTest::newRow("B§8: a CONNECT's host and port")
        << QByteArray("CONNECT a.test:443") << QByteArray("a.test:443");
    QTest::newRow("B§8: a page's path") << QByteArray("GET /health?key=1") << QByteArray("/health");
    QTest::newRow("B§8: the server as a whole") << QByteArray("OPTIONS *") << QByteArray("*");
}

void TestIntake::showsTheLogNoSecrets()
{
    QFETCH(QByteArray, requestLine);
    QFETCH(QByteArray, shown);
    QCOMPARE(rig::intakeOf(requestLine + " HTTP/1.1\r\nHost: a\r\n\r\n").loggedTarget(), shown);
}

void TestIntake::takesTheHead()
{
    const QByteArray octets =
        "POST https://a.test/b?c HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nX: y\r\n\r\n";
    const Intake intake = rig::intakeOf(octets);
    QVERIFY(isSame(intake.head, rig::headOf(octets)));
    QCOMPARE(rig::name(intake.target.form), rig::name(TargetForm::Absolute));
    QCOMPARE(rig::name(intake.target.scheme), rig::name(Scheme::Https));
    QCOMPARE(intake.target.endpoint, (Endpoint { "a.test", 443 }));
    QCOMPARE(intake.target.originForm, QByteArray("/b?c"));
}

/// The budget of kept input is charged with this: a head takes more memory than its bytes.
void TestIntake::countsWhatItHolds()
{
    const auto heldBy = [](const QByteArray &path, const QByteArray &fields) {
        return rig::intakeOf("GET http://a" + path + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n")
            .heldBytes();
    };
    const qsizetype little = heldBy("/", {});
    QVERIFY(little >= qsizetype(sizeof(Intake)));
    // As received and as forwarded.
    QVERIFY(heldBy('/' + QByteArray(8000, 'p'), {}) >= little + 2 * 8000);
    QVERIFY(heldBy("/", "X: " + QByteArray(8000, 'v') + "\r\n") >= little + 8000);
    QVERIFY2(heldBy("/", QByteArray("X:\r\n").repeated(150)) >= little + 150 * 64,
             "a field of one octet takes a hundred");
}

void TestIntake::forgetsItsFields()
{
    const QByteArray start = "POST http://a/b HTTP/1.1\r\nHost: a\r\n";
    Intake intake = rig::intakeOf(start + "Content-Length: 3\r\nX: " + QByteArray(8000, 'v')
                                  + "\r\nExpect: 100-continue\r\n\r\n");
    intake.forgetFields();
    QVERIFY(intake.head.fields.isEmpty());
    QVERIFY(intake.heldBytes() <= rig::intakeOf(start + "\r\n").heldBytes());
    QCOMPARE(intake.head.method, QByteArray("POST"));
    QCOMPARE(intake.loggedTarget(), QByteArray("http://a/b"));
    QCOMPARE(intake.framing.length, 3ULL);
    QVERIFY(intake.persists);
}

QTEST_APPLESS_MAIN(TestIntake)
#include "tst_intake.moc"
