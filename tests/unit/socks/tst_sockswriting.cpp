// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "socks/reading.h"
#include "socks/writing.h"

#include <QHostAddress>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::socks;

class TestSocksWriting : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void octets_data();
    void octets();
    void whatIsWrittenIsRead();
};

void TestSocksWriting::octets_data()
{
    QTest::addColumn<QByteArray>("written");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char *name, const QByteArray &written, const char *hex) {
        QTest::newRow(name) << written << QByteArray(hex);
    };
    row("RFC 1928 §3: a choice", methodChoice(Method::UserPassword), "0502");
    row("RFC 1928 §3: no choice", methodChoice(Method::NoneAcceptable), "05ff");
    row("RFC 1929 §2: success", authStatus(true), "0100");
    row("RFC 1929 §2: failure", authStatus(false), "0101");
    row("RFC 1928 §6: a reply without an address", reply(ReplyCode::Succeeded),
        "05000001000000000000");
    row("RFC 1928 §6: a reply with an IPv4 address",
        reply(ReplyCode::Succeeded, { QHostAddress(u"192.0.2.7"_s), 0x1234 }),
        "05000001c00002071234");
    row("RFC 1928 §6: a reply with an IPv6 address",
        reply(ReplyCode::Succeeded, { QHostAddress(u"2001:db8::1"_s), 80 }),
        "0500000420010db80000000000000000000000010050");
    row("RFC 1928 §6: a failure", reply(ReplyCode::AddressTypeNotSupported),
        "05080001000000000000");
    row("RFC 1928 §3: a greeting", greeting({ Method::NoAuthentication, Method::UserPassword }),
        "05020002");
    row("RFC 1929 §2: a pair", userPassword({ "ab", "c" }), "010261620163");
    row("RFC 1928 §4: a name", request(Command::Connect, { "a.b", 443 }), "0501000303612e6201bb");
    row("RFC 1928 §4: an IPv4 literal goes as an address",
        request(Command::Connect, { "192.0.2.7", 443 }), "05010001c000020701bb");
    row("RFC 1928 §4: an IPv6 literal goes as an address",
        request(Command::Connect, { "2001:db8::1", 80 }),
        "0501000420010db80000000000000000000000010050");
}

void TestSocksWriting::octets()
{
    QFETCH(QByteArray, written);
    QFETCH(QByteArray, expected);
    QCOMPARE(written.toHex(), expected);
}

void TestSocksWriting::whatIsWrittenIsRead()
{
    const QByteArray longest(255, 'x');
    const auto pair = readUserPassword(userPassword({ longest, longest }));
    QVERIFY(pair && *pair);
    QCOMPARE((*pair)->message.user, longest);
    QCOMPARE((*pair)->message.password, longest);
    for (const Endpoint &endpoint :
         { Endpoint { longest, 1 }, Endpoint { "192.0.2.7", 65535 }, Endpoint { "::1", 80 } }) {
        const auto asked = readRequest(request(Command::Connect, endpoint));
        QVERIFY(asked && *asked);
        QCOMPARE((*asked)->message.destination.endpoint, endpoint);
    }
    for (int code = 0; code <= 8; ++code) {
        const auto answer = readReply(reply(ReplyCode(code)));
        QVERIFY(answer && *answer);
        QCOMPARE(int((*answer)->message.code), code);
    }
}

QTEST_APPLESS_MAIN(TestSocksWriting)
#include "tst_sockswriting.moc"
