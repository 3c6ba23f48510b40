// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "http/forwarding.h"
#include "http/headwriter.h"

#include <QTest>

using namespace sami::http;
using namespace Qt::StringLiterals;

namespace {

constexpr char pseudonym[] = "sami-0123abcd";

QByteArray octetsOf(const RequestHead &head)
{
    QByteArray octets;
    writeRequestHead(octets, head);
    return octets.replace("\r\n", "\n");
}

QByteArray octetsOf(const ResponseHead &head)
{
    QByteArray octets;
    writeResponseHead(octets, head);
    return octets.replace("\r\n", "\n");
}

} // namespace

class TestForwarding : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void requests_data();
    void requests();
    void responses_data();
    void responses();
    void tellsKeptClientsTheirTime();
    void framesForTheClient_data();
    void framesForTheClient();
    void interimResponses();
    void upgradeResponses();
    void maxForwards_data();
    void maxForwards();
    void echoesTraces();
};

void TestForwarding::requests_data()
{
    QTest::addColumn<RequestHead>("received");
    QTest::addColumn<bool>("webSocket");
    QTest::addColumn<QByteArray>("sent");
    const auto row = [](const char *name, const QByteArray &target, const HeaderList &fields,
                        const QByteArray &sent, bool webSocket = false,
                        Version version = Version::Http11, const QByteArray &method = "GET") {
        QTest::newRow(name) << RequestHead { method, target, version, fields } << webSocket << sent;
    };
    row("M§3.2.2: the target goes in origin-form, Host comes from it, first", "http://u:p@h:81/p",
        { { "A", "1" }, { "Host", "other" }, { "B", "2" } },
        "GET /p HTTP/1.1\nHost: h:81\nA: 1\nB: 2\nVia: 1.1 sami-0123abcd\n\n");
    row("B§4: the query is sent once (regression)", "http://h/p?a=1", { { "Host", "h" } },
        "GET /p?a=1 HTTP/1.1\nHost: h\nVia: 1.1 sami-0123abcd\n\n");
    row("B§4: duplicates are not merged (regression)", "http://h/",
        { { "Cookie", "a" }, { "X", "1" }, { "cookie", "b" }, { "X", "2" } },
        "GET / HTTP/1.1\nHost: h\nCookie: a\nX: 1\ncookie: b\nX: 2\nVia: 1.1 sami-0123abcd\n\n");
    row("S§7.6.1: hop-by-hop fields do not go on", "http://h/",
        { { "Proxy-Authorization", "Basic x" },
          { "Proxy-Connection", "keep-alive" },
          { "Connection", "X-Mine, close" },
          { "X-Mine", "1" },
          { "TE", "trailers" },
          { "Keep-Alive", "5" },
          { "Upgrade", "h2c" },
          { "Authorization", "Bearer y" } },
        "GET / HTTP/1.1\nHost: h\nAuthorization: Bearer y\nVia: 1.1 sami-0123abcd\n\n");
    row("M§6: a length stays where it stood", "http://h/",
        { { "A", "1" }, { "content-length", "05" }, { "B", "2" } },
        "POST / HTTP/1.1\nHost: h\nA: 1\ncontent-length: 5\nB: 2\nVia: 1.1 sami-0123abcd\n\n",
        false, Version::Http11, "POST");
    row("S§8.6: a length of 0 stays", "http://h/", { { "Content-Length", "0" } },
        "POST / HTTP/1.1\nHost: h\nContent-Length: 0\nVia: 1.1 sami-0123abcd\n\n", false,
        Version::Http11, "POST");
    row("M§6.1: chunked is re-made, once", "http://h/", { { "transfer-encoding", "Chunked" } },
        "POST / HTTP/1.1\nHost: h\nTransfer-Encoding: chunked\nVia: 1.1 sami-0123abcd\n\n", false,
        Version::Http11, "POST");
    row("B§4: a websocket upgrade is re-made", "http://h/",
        { { "Connection", "keep-alive, Upgrade" },
          { "Upgrade", "websocket, h2c" },
          { "Sec-WebSocket-Key", "k" } },
        "GET / HTTP/1.1\nHost: h\nSec-WebSocket-Key: k\nConnection: Upgrade\nUpgrade: websocket\n"
        "Via: 1.1 sami-0123abcd\n\n",
        true);
    row("S§7.6.3: Via tells the version received and joins the others", "http://h/",
        { { "Via", "1.1 before" } },
        "GET / HTTP/1.1\nHost: h\nVia: 1.1 before\nVia: 1.0 sami-0123abcd\n\n", false,
        Version::Http10);
    row("S§10.1.1: Expect goes on", "http://h/", { { "Expect", "100-continue" } },
        "GET / HTTP/1.1\nHost: h\nExpect: 100-continue\nVia: 1.1 sami-0123abcd\n\n");
    row("S§10.1.1: Expect of an HTTP/1.0 client is ignored", "http://h/",
        { { "Expect", "100-continue" } }, "GET / HTTP/1.1\nHost: h\nVia: 1.0 sami-0123abcd\n\n",
        false, Version::Http10);
    row("B§4: what the client itself says of others stays, nothing is added", "http://h/",
        { { "X-Forwarded-For", "192.0.2.9" } },
        "GET / HTTP/1.1\nHost: h\nX-Forwarded-For: 192.0.2.9\nVia: 1.1 sami-0123abcd\n\n");
    row("M§3.2.4: OPTIONS for the whole server", "http://h", {},
        "OPTIONS * HTTP/1.1\nHost: h\nVia: 1.1 sami-0123abcd\n\n", false, Version::Http11,
        "OPTIONS");
}

void TestForwarding::requests()
{
    QFETCH(RequestHead, received);
    QFETCH(bool, webSocket);
    QFETCH(QByteArray, sent);
    const auto target = parseRequestTarget(received.method, received.target);
    const auto framing = requestFraming(received);
    QVERIFY(target);
    QVERIFY(framing);
    QCOMPARE(octetsOf(upstreamRequest(received, *target, *framing, pseudonym, webSocket)), sent);
}

void TestForwarding::responses_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<ResponseHead>("received");
    QTest::addColumn<Version>("client");
    QTest::addColumn<bool>("keeps");
    QTest::addColumn<QByteArray>("sent");

    const Field date { "Date", "d" };
    struct Given
    {
        int status = 200;
        QByteArray method = "GET";
        Version client = Version::Http11;
        bool keeps = true;
        Version version = Version::Http11;
    };
    const auto row = [](const char *name, const HeaderList &fields, const QByteArray &sent,
                        const Given &given = {}) {
        QTest::newRow(name) << given.method
                            << ResponseHead { given.version, given.status, "R", fields }
                            << given.client << given.keeps << sent;
    };
    row("S§7.6.1: hop-by-hop fields of a response do not leak (regression)",
        { date,
          { "Connection", "X-Hop, keep-alive" },
          { "X-Hop", "1" },
          { "Keep-Alive", "5" },
          { "Proxy-Authenticate", "Basic" },
          { "Upgrade", "h2" },
          { "Content-Length", "5" },
          { "Proxy-Connection", "x" },
          { "A", "b" } },
        "HTTP/1.1 200 R\nDate: d\nContent-Length: 5\nA: b\nVia: 1.1 sami-0123abcd\n\n");
    row("B§5: Set-Cookie lines stay apart (regression)",
        { date, { "Set-Cookie", "a=1" }, { "Content-Length", "0" }, { "Set-Cookie", "b=2" } },
        "HTTP/1.1 200 R\nDate: d\nSet-Cookie: a=1\nContent-Length: 0\nSet-Cookie: b=2\n"
        "Via: 1.1 sami-0123abcd\n\n");
    row("S§6.6.1: a missing Date is added", { { "Content-Length", "5" } },
        "HTTP/1.1 200 R\nContent-Length: 5\nDate: Sun, 06 Nov 1994 08:49:37 GMT\n"
        "Via: 1.1 sami-0123abcd\n\n");
    row("B§5: an HTTP/1.0 origin's response goes out as 1.1", { date, { "Content-Length", "5" } },
        "HTTP/1.1 200 R\nDate: d\nContent-Length: 5\nVia: 1.0 sami-0123abcd\n\n",
        { .version = Version::Http10 });
    row("M§6.3: equal lengths become one",
        { date, { "Content-Length", "5, 5" }, { "content-length", "05" } },
        "HTTP/1.1 200 R\nDate: d\nContent-Length: 5\nVia: 1.1 sami-0123abcd\n\n");
    row("M§7.1: chunked stays chunked", { { "Transfer-Encoding", "CHUNKED" }, date },
        "HTTP/1.1 200 R\nDate: d\nTransfer-Encoding: chunked\nVia: 1.1 sami-0123abcd\n\n");
    row("M§6.1: to an HTTP/1.0 client nothing is chunked",
        { { "Transfer-Encoding", "chunked" }, date },
        "HTTP/1.1 200 R\nDate: d\nVia: 1.1 sami-0123abcd\nConnection: close\n\n",
        { .client = Version::Http10, .keeps = false });
    row("M§6.3: until close stays until close", { date },
        "HTTP/1.1 200 R\nDate: d\nVia: 1.1 sami-0123abcd\nConnection: close\n\n",
        { .keeps = false });
    row("S§8.6: the length of a HEAD answer stays", { date, { "Content-Length", "5" } },
        "HTTP/1.1 200 R\nDate: d\nContent-Length: 5\nVia: 1.1 sami-0123abcd\n\n",
        { .method = "HEAD" });
    row("S§8.6: the length of a 304 stays", { date, { "Content-Length", "5" } },
        "HTTP/1.1 304 R\nDate: d\nContent-Length: 5\nVia: 1.1 sami-0123abcd\n\n",
        { .status = 304 });
    row("M§6.1: the coding of a HEAD answer is dropped",
        { date, { "Transfer-Encoding", "chunked" } },
        "HTTP/1.1 200 R\nDate: d\nVia: 1.1 sami-0123abcd\n\n", { .method = "HEAD" });
    row("M§6.3: a HEAD answer that contradicts itself tells no length",
        { date, { "Content-Length", "5" }, { "Content-Length", "6" } },
        "HTTP/1.1 200 R\nDate: d\nVia: 1.1 sami-0123abcd\n\n", { .method = "HEAD" });
    row("S§8.6: a HEAD answer tells no length that nobody can count to",
        { date, { "Content-Length", "9223372036854775808" } },
        "HTTP/1.1 200 R\nDate: d\nVia: 1.1 sami-0123abcd\n\n", { .method = "HEAD" });
    row("M§6.3: a HEAD answer with both fields tells no length",
        { date, { "Content-Length", "5" }, { "Transfer-Encoding", "chunked" } },
        "HTTP/1.1 200 R\nDate: d\nVia: 1.1 sami-0123abcd\n\n", { .method = "HEAD" });
    row("M§6.3: chunked beside a length is told alone",
        { { "Content-Length", "5" }, date, { "Transfer-Encoding", "chunked" } },
        "HTTP/1.1 200 R\nDate: d\nTransfer-Encoding: chunked\nVia: 1.1 sami-0123abcd\n\n");
    row("M§6.3: a length beside identity is told alone",
        { { "Content-Length", "5" }, date, { "Transfer-Encoding", "identity" } },
        "HTTP/1.1 200 R\nContent-Length: 5\nDate: d\nVia: 1.1 sami-0123abcd\n\n");
    row("M§6.3: a length of 0 beside identity is told",
        { { "Content-Length", "0" }, date, { "Transfer-Encoding", "identity" } },
        "HTTP/1.1 200 R\nContent-Length: 0\nDate: d\nVia: 1.1 sami-0123abcd\n\n");
    row("M§6.3: identity is not told", { date, { "Transfer-Encoding", "identity" } },
        "HTTP/1.1 200 R\nDate: d\nVia: 1.1 sami-0123abcd\nConnection: close\n\n",
        { .keeps = false });
    row("S§8.6: the length of a HEAD answer stays beside identity",
        { date, { "Content-Length", "5" }, { "Transfer-Encoding", "identity" } },
        "HTTP/1.1 200 R\nDate: d\nContent-Length: 5\nVia: 1.1 sami-0123abcd\n\n",
        { .method = "HEAD" });
    row("S§8.6: a 204 tells no length", { date, { "Content-Length", "5" } },
        "HTTP/1.1 204 R\nDate: d\nVia: 1.1 sami-0123abcd\n\n", { .status = 204 });
}

void TestForwarding::responses()
{
    QFETCH(QByteArray, method);
    QFETCH(ResponseHead, received);
    QFETCH(Version, client);
    QFETCH(bool, keeps);
    QFETCH(QByteArray, sent);
    const auto framing = responseFraming(received, method);
    QVERIFY(framing);
    const ResponseContext context { client, clientFraming(*framing, client), keeps, 784111777,
                                    pseudonym };
    QCOMPARE(octetsOf(clientResponse(received, context)), sent);
}

void TestForwarding::tellsKeptClientsTheirTime()
{
    const ResponseHead received { Version::Http11, 204, "R", { { "Date", "d" } } };
    ResponseContext context;
    context.pseudonym = pseudonym;
    context.keepAlive = "timeout=70";
    QCOMPARE(octetsOf(clientResponse(received, context)),
             "HTTP/1.1 204 R\nDate: d\nVia: 1.1 sami-0123abcd\nConnection: keep-alive\n"
             "Keep-Alive: timeout=70\n\n");
    context.keepsClient = false;
    context.pseudonym = {};
    QCOMPARE(octetsOf(clientResponse(received, context)),
             "HTTP/1.1 204 R\nDate: d\nConnection: close\n\n");
}

void TestForwarding::framesForTheClient_data()
{
    QTest::addColumn<BodyFraming>("upstream");
    QTest::addColumn<Version>("client");
    QTest::addColumn<BodyFraming>("framing");
    const BodyFraming chunked { BodyKind::Chunked };
    const BodyFraming untilClose { BodyKind::UntilClose };
    const BodyFraming length { BodyKind::Length, 5 };
    QTest::newRow("M§7.1: chunked for 1.1") << chunked << Version::Http11 << chunked;
    QTest::newRow("M§7.1: chunked for 1.0") << chunked << Version::Http10 << untilClose;
    QTest::newRow("M§6.3: a length for 1.1") << length << Version::Http11 << length;
    QTest::newRow("M§6.3: a length for 1.0") << length << Version::Http10 << length;
    QTest::newRow("M§6.3: until close for 1.1") << untilClose << Version::Http11 << untilClose;
    QTest::newRow("B§5: what goes to the client is mended")
        << BodyFraming { BodyKind::Length, 5, true } << Version::Http11 << length;
    QTest::newRow("M§6.3: no body for 1.0") << BodyFraming {} << Version::Http10 << BodyFraming {};
}

void TestForwarding::framesForTheClient()
{
    QFETCH(BodyFraming, upstream);
    QFETCH(Version, client);
    QFETCH(BodyFraming, framing);
    QVERIFY(clientFraming(upstream, client) == framing);
}

void TestForwarding::interimResponses()
{
    const ResponseHead received { Version::Http11,
                                  103,
                                  "Early Hints",
                                  { { "Link", "</a>" },
                                    { "Connection", "x" },
                                    { "X", "1" },
                                    { "Content-Length", "5" },
                                    { "Transfer-Encoding", "chunked" } } };
    QCOMPARE(octetsOf(clientInterimResponse(received, pseudonym)),
             "HTTP/1.1 103 Early Hints\nLink: </a>\nVia: 1.1 sami-0123abcd\n\n");
}

void TestForwarding::upgradeResponses()
{
    const ResponseHead received { Version::Http11,
                                  101,
                                  "Switching Protocols",
                                  { { "connection", "upgrade" },
                                    { "upgrade", "WebSocket" },
                                    { "Sec-WebSocket-Accept", "k" },
                                    { "Content-Length", "0" } } };
    QCOMPARE(octetsOf(clientUpgradeResponse(received, pseudonym)),
             "HTTP/1.1 101 Switching Protocols\nSec-WebSocket-Accept: k\nConnection: Upgrade\n"
             "Upgrade: websocket\nVia: 1.1 sami-0123abcd\n\n");
}

void TestForwarding::maxForwards_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<HeaderList>("fields");
    QTest::addColumn<MaxForwards>("verdict");
    QTest::addColumn<QByteArray>("left");
    const auto row = [](const char *name, const QByteArray &method, const HeaderList &fields,
                        MaxForwards verdict, const QByteArray &left) {
        QTest::newRow(name) << method << fields << verdict << left;
    };
    const auto value = [](const QByteArray &v) { return HeaderList { { "max-forwards", v } }; };
    const MaxForwards forward = MaxForwards::Forward;
    row("S§7.6.2: absent", "TRACE", {}, forward, "");
    row("S§7.6.2: 0 is answered here", "TRACE", value("0"), MaxForwards::AnswerHere, "0");
    row("S§7.6.2: 1 becomes 0", "OPTIONS", value("1"), forward, "0");
    row("S§7.6.2: 10 becomes 9", "TRACE", value("10"), forward, "9");
    row("S§7.6.2: other methods keep it", "GET", value("0"), forward, "0");
    row("S§7.6.2: no number", "OPTIONS", value("-1"), MaxForwards::Malformed, "-1");
    row("S§7.6.2: empty", "OPTIONS", value(""), MaxForwards::Malformed, "");
    row("S§7.6.2: twice", "TRACE", { { "Max-Forwards", "1" }, { "Max-Forwards", "1" } },
        MaxForwards::Malformed, "1");
}

void TestForwarding::maxForwards()
{
    QFETCH(QByteArray, method);
    QFETCH(HeaderList, fields);
    QFETCH(MaxForwards, verdict);
    QFETCH(QByteArray, left);
    RequestHead head { method, "*", Version::Http11, fields };
    QCOMPARE(applyMaxForwards(head), verdict);
    QCOMPARE(head.fields.value("Max-Forwards").value_or(QByteArrayView()).toByteArray(), left);
}

void TestForwarding::echoesTraces()
{
    const RequestHead received { "TRACE",
                                 "http://me:secret@h/p?a=1@b",
                                 Version::Http10,
                                 { { "Host", "h" },
                                   { "x-api-KEY", "secret" },
                                   { "X-Goog-Api-Key", "secret" },
                                   { "X-Amz-Security-Token", "secret" },
                                   { "Cookie2", "secret" },
                                   { "authorization", "secret" },
                                   { "Proxy-Authorization", "secret" },
                                   { "Cookie", "secret" },
                                   { "X", "1" },
                                   { "cookie", "secret" } } };
    QCOMPARE(traceEcho(received), "TRACE http://h/p?a=1@b HTTP/1.0\r\nHost: h\r\nX: 1\r\n\r\n");
}

QTEST_APPLESS_MAIN(TestForwarding)
#include "tst_forwarding.moc"
