// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "http/headparser.h"
#include "route/parentanswer.h"

#include <QTest>

using namespace sami;
using namespace sami::net;
using namespace sami::route;

namespace {

http::ResponseHead answerOf(const QByteArray &statusLine, const QByteArray &fields)
{
    http::ResponseHeadParser parser;
    if (parser.feed(statusLine + "\r\n" + fields + "\r\n").status
        != http::HeadProgress::Status::Complete)
        qFatal("no head: %s", statusLine.constData());
    return parser.take();
}

} // namespace

Q_DECLARE_METATYPE(sami::net::DialFault)
Q_DECLARE_METATYPE(sami::net::Blame)

class TestParentAnswer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theWayStands_data();
    void theWayStands();
    void saysWhoseFaultItIs_data();
    void saysWhoseFaultItIs();
    void passesThePhraseOn_data();
    void passesThePhraseOn();
};

void TestParentAnswer::theWayStands_data()
{
    QTest::addColumn<QByteArray>("statusLine");
    for (const char *line : { "HTTP/1.1 200 Connection established", "HTTP/1.0 200 OK",
                              "HTTP/1.1 200", "HTTP/1.1 204 No Content", "HTTP/1.1 299 x" })
        QTest::addRow("S§9.3.6: %s", line) << QByteArray(line);
}

void TestParentAnswer::theWayStands()
{
    QFETCH(QByteArray, statusLine);
    // Content-Length and the like have no meaning in it.
    QVERIFY(!faultOf(answerOf(statusLine, "Content-Length: 5\r\n")));
    QVERIFY(!faultOf(answerOf(statusLine, "Proxy-Status: x; error=dns_error\r\n")));
}

void TestParentAnswer::saysWhoseFaultItIs_data()
{
    QTest::addColumn<QByteArray>("statusLine");
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<DialFault>("fault");
    QTest::addColumn<Blame>("blame");
    const auto row = [](const char *title, const char *line, const char *fields, DialFault fault,
                        Blame blame) {
        QTest::newRow(title) << QByteArray("HTTP/1.1 ") + line << QByteArray(fields) << fault
                             << blame;
    };
    using F = DialFault;
    const Blame parent = Blame::Parent;
    const Blame destination = Blame::Beyond;
    row("another protocol, unasked", "101 Switching Protocols", "", F::ParentProtocol, parent);
    row("a redirect", "302 Found", "Location: http://x/\r\n", F::ParentProtocol, parent);
    row("a redirect that names an error", "302 Found", "Proxy-Status: p; error=dns_error\r\n",
        F::ParentProtocol, parent);
    row("it asks for credentials", "407 Proxy Authentication Required",
        "Proxy-Authenticate: Basic realm=x\r\n", F::ParentCredentials, parent);
    row("it asks for credentials and names an error", "407 x",
        "Proxy-Status: p; error=connection_refused\r\n", F::ParentCredentials, parent);
    row("busy", "503 Service Unavailable", "", F::ParentUnavailable, parent);
    row("too many requests", "429 Too Many Requests", "", F::ParentUnavailable, parent);
    row("a full proxy of ours", "503 Too many connections to this proxy",
        "Proxy-Status: sami; error=proxy_internal_response; details=\"x\"\r\n",
        F::ParentUnavailable, parent);
    row("a guesser's block at a proxy of ours", "429 Too many wrong passwords",
        "Proxy-Status: sami; error=http_request_denied\r\n", F::ParentUnavailable, parent);
    row("503 about the destination", "503 x", "Proxy-Status: p; error=connection_refused\r\n",
        F::ConnectionRefused, destination);
    row("squid's 503 for a name", "503 Service Unavailable", "X-Squid-Error: ERR_DNS_FAIL 0\r\n",
        F::DnsFailure, destination);
    row("squid's 503 for a host", "503 Service Unavailable",
        "X-Squid-Error: ERR_CONNECT_FAIL 111\r\n", F::ConnectionRefused, destination);
    row("squid's 503 for itself", "503 Service Unavailable",
        "X-Squid-Error: ERR_CANNOT_FORWARD 0\r\n", F::ParentUnavailable, parent);
    row("no such name", "502 Name not found", "Proxy-Status: sami; error=dns_error\r\n",
        F::DnsFailure, destination);
    row("refused", "502 x",
        "Proxy-Status: sami; error=connection_refused; details=\"no; error=x\""
        "\r\n",
        F::ConnectionRefused, destination);
    row("a quoted semicolon is none", "502 x",
        "Proxy-Status: p; details=\"a\\\"; error=dns_error\"; error=connection_timeout\r\n",
        F::ConnectTimeout, destination);
    row("the name of the hop is no parameter", "502 x", "Proxy-Status: error=dns_error\r\n",
        F::DestinationFailed, destination);
    row("of several hops the nearest counts", "502 x",
        "Proxy-Status: far; error=dns_error, near; error=connection_refused\r\n",
        F::ConnectionRefused, destination);
    row("the nearest that says anything", "502 x",
        "Proxy-Status: far; error=dns_error\r\nProxy-Status: near; next-hop=far\r\n", F::DnsFailure,
        destination);
    row("an error that nobody knows", "502 x", "Proxy-Status: p; error=new_error\r\n",
        F::DestinationFailed, destination);
    row("a forbidden address", "403 x", "Proxy-Status: sami; error=destination_ip_prohibited\r\n",
        F::AddressRefused, destination);
    row("forbidden", "403 Forbidden", "", F::ParentForbids, destination);
    row("forbidden by a rule of ours", "403 Forbidden by ALLOWED_HOSTS",
        "Proxy-Status: sami; error=http_request_denied\r\n", F::ParentForbids, destination);
    row("for legal reasons", "451 x", "", F::ParentForbids, destination);
    row("a circle", "508 Loop Detected", "", F::ParentLoop, destination);
    row("a circle at a proxy of ours", "508 x", "Proxy-Status: sami; error=proxy_loop_detected\r\n",
        F::ParentLoop, destination);
    row("bad gateway", "502 Bad Gateway", "", F::DestinationFailed, destination);
    row("gateway timeout", "504 Gateway Timeout", "", F::ConnectTimeout, destination);
    row("what tinyproxy says of a host that is down", "500 Unable to connect", "",
        F::DestinationFailed, destination);
    row("a bad request", "400 Bad Request", "", F::DestinationFailed, destination);
    row("a status that nobody knows", "999 x", "", F::DestinationFailed, destination);
    row("a web server: no such page", "404 Not Found", "", F::ParentProtocol, parent);
    row("a web server: no such method", "405 Not Allowed", "", F::ParentProtocol, parent);
    row("a web server: no method at all", "501 Not Implemented", "", F::ParentProtocol, parent);
}

void TestParentAnswer::saysWhoseFaultItIs()
{
    QFETCH(QByteArray, statusLine);
    QFETCH(QByteArray, fields);
    QFETCH(DialFault, fault);
    QFETCH(Blame, blame);
    const auto error = faultOf(answerOf(statusLine, fields));
    QVERIFY(error);
    QCOMPARE(int(error->fault), int(fault));
    QCOMPARE(int(error->blame), int(blame));
    QVERIFY(error->detail.startsWith("the parent proxy answered " + statusLine.mid(9, 3)));
}

void TestParentAnswer::passesThePhraseOn_data()
{
    QTest::addColumn<QByteArray>("reason");
    QTest::addColumn<QByteArray>("phrase");
    QTest::newRow("as it is") << QByteArray("Name not found") << QByteArray("Name not found");
    QTest::newRow("none") << QByteArray() << QByteArray();
    QTest::newRow("blanks at its ends") << QByteArray("  x  ") << QByteArray("x");
    QTest::newRow("what no status line has")
        << QByteArray("a\tb\r\nSet-Cookie: c\x1b[31m\xc3\xa9") << QByteArray("abSet-Cookie: c[31m");
    QTest::newRow("80 octets") << QByteArray(80, 'x') << QByteArray(80, 'x');
    QTest::newRow("more") << QByteArray(81, 'x') << QByteArray(80, 'x');
}

void TestParentAnswer::passesThePhraseOn()
{
    QFETCH(QByteArray, reason);
    QFETCH(QByteArray, phrase);
    QCOMPARE(passedOnPhrase(reason), phrase);
}

QTEST_APPLESS_MAIN(TestParentAnswer)
#include "tst_parentanswer.moc"
