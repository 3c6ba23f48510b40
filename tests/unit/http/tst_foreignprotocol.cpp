// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "http/foreignprotocol.h"
#include "pieces.h"

#include <QTest>

using namespace sami::http;
using namespace Qt::StringLiterals;

namespace {

QByteArray nameOf(const std::optional<ForeignProtocol> &protocol)
{
    return protocol ? toString(*protocol) : "none";
}

} // namespace

class TestForeignProtocol : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void recognizes_data();
    void recognizes();
    void isKnownAfterTheParserFailed_data();
    void isKnownAfterTheParserFailed();
};

void TestForeignProtocol::recognizes_data()
{
    QTest::addColumn<QByteArray>("first");
    QTest::addColumn<QByteArray>("name");
    const auto row = [](const char *name, const QByteArray &first, const char *protocol) {
        QTest::newRow(name) << first << QByteArray(protocol);
    };
    row("B§7: nothing is nothing", "", "none");
    row("B§7: the first octet of TLS is enough", "\x16", "tls_client_hello");
    row("B§7: a handshake record of TLS 1.0 to 1.3", "\x16\x03\x01\x02", "tls_client_hello");
    row("B§7: a record type without TLS's version is not TLS", "\x16\x04", "none");
    row("B§7: the first octet of SOCKS5 is enough", "\x05", "socks5");
    row("B§7: SOCKS5 with a method", "\x05\x01"_ba + '\0', "socks5");
    row("B§7: SOCKS5 without a method is none", "\x05"_ba + '\0', "none");
    row("B§7: SOCKS4's connect", "\x04\x01", "socks4");
    row("B§7: SOCKS4's bind", "\x04\x02", "socks4");
    row("B§7: SOCKS4 with another command is none", "\x04\x03", "none");
    row("B§7: the PROXY protocol over IPv4", "PROXY TCP4 192.0.2.1", "proxy_protocol_v1");
    row("B§7: the PROXY protocol over IPv6", "PROXY TCP6 2001:db8::1", "proxy_protocol_v1");
    row("B§7: the PROXY protocol of an unknown client", "PROXY UNKNOWN\r\n", "proxy_protocol_v1");
    row("B§7: a method PROXY is none of it", "PROXY TCP4X", "none");
    row("B§7: nor is one with a URL", "PROXY http://a/ HTTP/1.1", "none");
    row("B§7: the binary form of the PROXY protocol", "\r\n\r\n\0\r\nQUIT\n\x21"_ba,
        "proxy_protocol_v2");
    row("B§7: its first five octets are enough", "\r\n\r\n\0"_ba, "proxy_protocol_v2");
    row("B§7: empty lines alone are not", "\r\n\r\n", "none");
    row("B§7: NUL after them and something else is none", "\r\n\r\n\0\r\nquit\n"_ba, "none");
    row("B§7: HTTP/2's preface", "PRI * HTTP/2.0\r\n\r\nSM", "http2_preface");
    row("B§7: a method PRI is none", "PRI http://a/ HTTP/2.0", "none");
    row("B§7: HTTP is HTTP", "GET http://a/ HTTP/1.1\r\n", "none");
    row("B§7: other binary junk has no name", "\x01\x02\x03", "none");
}

void TestForeignProtocol::recognizes()
{
    QFETCH(QByteArray, first);
    QFETCH(QByteArray, name);
    QCOMPARE(nameOf(recognizeForeign(first)), name);
}

void TestForeignProtocol::isKnownAfterTheParserFailed_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QByteArray>("name");
    QTest::newRow("B§7: TLS in pieces") << "\x16\x03\x01\x02\0\x01"_ba
                                        << "tls_client_hello"_ba;
    QTest::newRow("B§7: SOCKS5 in pieces") << "\x05\x02\0\x02"_ba
                                           << "socks5"_ba;
    QTest::newRow("B§7: SOCKS4 in pieces") << "\x04\x01\x01\xbb"_ba
                                           << "socks4"_ba;
    QTest::newRow("B§7: the PROXY protocol in pieces")
        << "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n"_ba
        << "proxy_protocol_v1"_ba;
    QTest::newRow("B§7: the PROXY protocol without an address in pieces") << "PROXY UNKNOWN\r\n"_ba
                                                                          << "proxy_protocol_v1"_ba;
    QTest::newRow("B§7: the binary PROXY protocol in pieces") << "\r\n\r\n\0\r\nQUIT\n\x21\x11"_ba
                                                              << "proxy_protocol_v2"_ba;
    QTest::newRow("B§7: HTTP/2 in pieces") << "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"_ba
                                           << "http2_preface"_ba;
    QTest::newRow("B§7: junk in pieces") << "ab\x01\r\n"_ba
                                         << "none"_ba;
}

/// What the parser has consumed is still available to identify the protocol.
void TestForeignProtocol::isKnownAfterTheParserFailed()
{
    QFETCH(QByteArray, input);
    QFETCH(QByteArray, name);
    for (const pieces::Cutting &cutting : pieces::cuttings(input)) {
        RequestHeadParser parser;
        QByteArray rest;
        qsizetype fed = 0;
        HeadProgress progress;
        for (const pieces::Piece &piece : cutting) {
            const QByteArrayView view = pieces::viewOf(piece);
            progress = parser.feed(view);
            fed += view.size();
            rest = view.sliced(progress.consumed).toByteArray();
            if (progress.status != HeadProgress::Status::NeedMore)
                break;
        }
        QCOMPARE(progress.status, HeadProgress::Status::Failed);
        const QByteArray first = parser.consumedOfStart() + rest;
        QCOMPARE(first, input.first(fed));
        QCOMPARE(nameOf(recognizeForeign(first)), name);
    }
}

QTEST_APPLESS_MAIN(TestForeignProtocol)
#include "tst_foreignprotocol.moc"
