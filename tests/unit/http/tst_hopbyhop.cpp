// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "http/hopbyhop.h"
#include "pieces.h"

#include <QTest>

using namespace sami::http;
using namespace Qt::StringLiterals;

class TestHopByHop : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void removes_data();
    void removes();
    void removesFromTrailers_data();
    void removesFromTrailers();
    void knowsWhatIsRead_data();
    void knowsWhatIsRead();
    void appendsVia();
    void knowsItsOwnVia_data();
    void knowsItsOwnVia();
    void knowsWebSockets_data();
    void knowsWebSockets();
};

void TestHopByHop::removes_data()
{
    QTest::addColumn<HeaderList>("fields");
    QTest::addColumn<QByteArray>("left");
    const auto removed = [](const char *name, const Field &field) {
        QTest::newRow(name) << HeaderList { { "A", "1" }, field, { "B", "2" } }
                            << "A: 1\nB: 2\n"_ba;
    };
    removed("S§7.6.1: Connection", { "connection", "keep-alive" });
    removed("S§7.6.1: Keep-Alive", { "Keep-Alive", "timeout=5" });
    removed("S§7.6.1: Proxy-Connection", { "Proxy-Connection", "keep-alive" });
    removed("S§7.6.1: TE", { "TE", "trailers" });
    removed("S§7.6.1: Transfer-Encoding", { "Transfer-Encoding", "chunked" });
    removed("S§7.6.1: Upgrade", { "Upgrade", "h2c" });
    removed("S§11.7.2: Proxy-Authorization", { "proxy-authorization", "Basic eDp5" });
    removed("S§11.7.1: Proxy-Authenticate", { "Proxy-Authenticate", "Basic" });
    removed("S§11.7.3: Proxy-Authentication-Info", { "Proxy-Authentication-Info", "x" });

    const auto row = [](const char *name, const HeaderList &fields, const QByteArray &left) {
        QTest::newRow(name) << fields << left;
    };
    row("S§7.6.1: what Connection names goes",
        { { "x-one", "1" },
          { "Connection", "close, X-One ,x-TWO" },
          { "X-Two", "2" },
          { "X-Two", "3" },
          { "X-Three", "4" } },
        "X-Three: 4\n");
    row("S§7.6.1: what any of several Connection fields names goes",
        { { "Connection", "A" }, { "A", "1" }, { "B", "2" }, { "connection", "B" }, { "C", "3" } },
        "C: 3\n");
    row("S§7.6.1: framing and routing stay even if named",
        { { "Connection", "Host, Content-Length, Via, Date, Cache-Control, Content-Type" },
          { "Host", "h" },
          { "Content-Length", "5" },
          { "Via", "1.1 x" },
          { "Date", "d" },
          { "Cache-Control", "c" },
          { "Content-Type", "t" } },
        "Host: h\nContent-Length: 5\nVia: 1.1 x\nDate: d\nCache-Control: c\nContent-Type: t\n");
    row("B§4: everything else stays, in order and with its duplicates",
        { { "X", "1" },
          { "Connection", "close" },
          { "x", "2" },
          { "Close", "c" },
          { "X", "1" },
          { "Trailer", "t" },
          { "Authorization", "a" },
          { "TEx", "y" } },
        "X: 1\nx: 2\nClose: c\nX: 1\nTrailer: t\nAuthorization: a\nTEx: y\n");
}

void TestHopByHop::removes()
{
    QFETCH(HeaderList, fields);
    QFETCH(QByteArray, left);
    removeHopByHop(fields);
    QCOMPARE(pieces::linesOf(fields), left);
}

void TestHopByHop::removesFromTrailers_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<bool>("stays");
    QTest::newRow("S§6.5.1: a checksum may follow") << "Digest"_ba << true;
    QTest::newRow("S§6.5.1: a timing may follow") << "Server-Timing"_ba << true;
    QTest::newRow("S§6.5.1: a private field may follow") << "x-usage"_ba << true;
    for (const char *name : { "Content-Length", "Transfer-Encoding", "Trailer" })
        QTest::addRow("S§6.5.1: framing may not follow: %s", name) << QByteArray(name) << false;
    for (const char *name : { "Host", "Via", "Connection" })
        QTest::addRow("S§6.5.1: routing may not follow: %s", name) << QByteArray(name) << false;
    for (const char *name : { "Authorization", "Proxy-Authorization", "Set-Cookie", "Cookie" })
        QTest::addRow("S§6.5.1: authentication may not follow: %s", name)
            << QByteArray(name) << false;
    for (const char *name : { "Content-Encoding", "content-type", "Content-Range" })
        QTest::addRow("S§6.5.1: the content's format may not follow: %s", name)
            << QByteArray(name) << false;
}

void TestHopByHop::removesFromTrailers()
{
    QFETCH(QByteArray, name);
    QFETCH(bool, stays);
    HeaderList trailers { { "A", "1" }, { name, "v" } };
    removeForbiddenTrailers(trailers);
    QCOMPARE(trailers.contains(name), stays);
    QVERIFY(trailers.contains("A"));
}

void TestHopByHop::knowsWhatIsRead_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<bool>("read");
    for (const char *name : { "content-length", "Transfer-Encoding", "TRAILER", "Connection",
                              "Keep-Alive", "Upgrade", "TE", "Via", "date", "WWW-Authenticate",
                              "Proxy-Authenticate", "Proxy-Connection", "proxy-anything" })
        QTest::addRow("S§5.5: no control octet stays in %s", name) << QByteArray(name) << true;
    for (const char *name : { "Set-Cookie", "Location", "Content-Type", "Proxy", "X-Via", "Dates" })
        QTest::addRow("S§5.5: control octets may stay in %s", name) << QByteArray(name) << false;
}

void TestHopByHop::knowsWhatIsRead()
{
    QFETCH(QByteArray, name);
    QTEST(isRead(name), "read");
}

void TestHopByHop::appendsVia()
{
    HeaderList fields { { "Via", "1.0 other" }, { "X", "y" } };
    appendVia(fields, Version::Http11, "sami-0123abcd");
    appendVia(fields, Version::Http10, "p");
    QCOMPARE(pieces::linesOf(fields), "Via: 1.0 other\nX: y\nVia: 1.1 sami-0123abcd\nVia: 1.0 p\n");
}

void TestHopByHop::knowsItsOwnVia_data()
{
    QTest::addColumn<HeaderList>("fields");
    QTest::addColumn<bool>("own");
    const auto row = [](const char *name, const HeaderList &fields, bool own) {
        QTest::newRow(name) << fields << own;
    };
    row("S§7.6.3: no Via", {}, false);
    row("S§7.6.3: its own", { { "Via", "1.1 sami-0123abcd" } }, true);
    row("S§7.6.3: its own among others", { { "Via", "1.0 a, 1.1 SAMI-0123ABCD (x), 1.1 b" } },
        true);
    row("S§7.6.3: its own in the second field",
        { { "Via", "1.0 a" }, { "via", "HTTP/1.1\tsami-0123abcd" } }, true);
    row("B§4: another instance is no loop", { { "Via", "1.1 sami-0123abce" } }, false);
    row("S§7.6.3: a longer name is another", { { "Via", "1.1 sami-0123abcd:80" } }, false);
    row("S§7.6.3: its name as a comment is no hop", { { "Via", "1.1 a sami-0123abcd" } }, false);
    row("S§7.6.3: a hop without a name", { { "Via", "sami-0123abcd" } }, false);
}

void TestHopByHop::knowsItsOwnVia()
{
    QFETCH(HeaderList, fields);
    QTEST(viaNames(fields, "sami-0123abcd"), "own");
}

void TestHopByHop::knowsWebSockets_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<Version>("version");
    QTest::addColumn<HeaderList>("fields");
    QTest::addColumn<bool>("asks");
    const HeaderList both { { "connection", "keep-alive, Upgrade" }, { "upgrade", "WebSocket" } };
    const auto row = [](const char *name, const HeaderList &fields, bool asks,
                        const QByteArray &method = "GET", Version version = Version::Http11) {
        QTest::newRow(name) << method << version << fields << asks;
    };
    row("S§7.8: both fields ask", both, true);
    row("S§7.8: Upgrade without Connection does not", { { "Upgrade", "websocket" } }, false);
    row("S§7.8: Connection without Upgrade does not", { { "Connection", "upgrade" } }, false);
    row("B§4: another protocol is not relayed",
        { { "Connection", "upgrade" }, { "Upgrade", "h2c" } }, false);
    row("S§7.8: HTTP/1.0 cannot ask", both, false, "GET", Version::Http10);
    row("B§4: only GET asks", both, false, "POST");
}

void TestHopByHop::knowsWebSockets()
{
    QFETCH(QByteArray, method);
    QFETCH(Version, version);
    QFETCH(HeaderList, fields);
    QTEST(asksForWebSocket({ method, "/", version, fields }), "asks");
}

QTEST_APPLESS_MAIN(TestHopByHop)
#include "tst_hopbyhop.moc"
