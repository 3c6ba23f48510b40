// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "base/hostname.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami;

class TestHostName : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsDialled_data();
    void whatIsDialled();
    void noOctetIsOverlooked();
};

void TestHostName::whatIsDialled_data()
{
    QTest::addColumn<QByteArray>("written");
    QTest::addColumn<QByteArray>("dialled"); ///< empty: malformed
    const auto row = [](const char *name, const QByteArray &written, const QByteArray &dialled) {
        QTest::newRow(name) << written << dialled;
    };
    row("B§4: a name stays as it is written", "API.test-1_x~", "API.test-1_x~");
    row("B§4: punycode is a name like others", "xn--e1afmkfd.xn--p1ai", "xn--e1afmkfd.xn--p1ai");
    row("B§4: the root's dot is cut", "a.test.", "a.test");
    row("B§4: so are several", "a.test...", "a.test");
    row("B§4: dots alone are no host", "..", "");
    row("B§4: nothing is no host", "", "");
    row("B§4: a dotted quad", "192.0.2.7", "192.0.2.7");
    row("B§4: a dotted quad with the root's dot", "192.0.2.7.", "192.0.2.7");
    row("B§4: the wildcard is a dotted quad", "0.0.0.0", "0.0.0.0");
    row("B§4: two numbers are no host", "127.1", "");
    row("B§4: nor are three", "127.0.1", "");
    row("B§4: nor is one", "2130706433", "");
    row("B§4: nor is one digit", "0", "");
    row("B§4: nor are five", "1.2.3.4.5", "");
    row("B§4: nor is a number over 255", "256.0.0.1", "");
    row("B§4: nor is a leading zero", "0177.0.0.1", "");
    row("B§4: nor are leading zeros everywhere", "127.000.000.001", "");
    row("B§4: the root's dot does not hide a number", "127.1.", "");
    row("B§4: a name that ends in a number is no host", "a.test.1", "");
    row("B§4: hexadecimal is no host", "0x7f000001", "");
    row("B§4: nor is it in capitals", "0X7F.1", "");
    row("B§4: nor as the last label alone", "a.0xff", "");
    row("B§4: nor without digits after it", "127.0.0.0x", "");
    row("B§4: nor is a label that only begins like it", "a.0xtest", "");
    row("B§4: hexadecimal before the last label is a name", "0x7f.test", "0x7f.test");
    row("B§4: a number before the last label is a name", "127.test", "127.test");
    row("B§4: a last label with a letter is a name", "127.0.0.1a", "127.0.0.1a");
    row("B§4: IPv6", "2001:db8::1", "2001:db8::1");
    row("B§4: IPv6 with an IPv4 address inside", "::ffff:192.0.2.7", "::ffff:192.0.2.7");
    row("B§4: IPv6 in brackets is whose grammar has them", "[::1]", "");
    row("B§4: IPv6 with a zone is no host", "fe80::1%eth0", "");
    row("B§4: a colon without an address is no host", "a:443", "");
    row("B§4: CR and LF are no host", "a.test\r\nHost: b", "");
    row("B§4: LF at the end is no host", "a.test\n", "");
    row("B§4: NUL is no host", "a.test\0.b"_ba, "");
    row("B§4: NUL at the end is no host", "a.test\0"_ba, "");
    row("B§4: a blank is no host", "a test", "");
    row("B§4: a tab is no host", "a.test\t", "");
    row("B§4: UTF-8 is no host", "\xc3\xa9.test", "");
    row("B§4: percent-encoding is no host", "a%2etest", "");
    row("B§4: user information is no host", "a@b.test", "");
    row("B§4: a path is no host", "a.test/b", "");
    row("RFC 1035 §2.3.4: 255 octets are a name", QByteArray(255, 'a'), QByteArray(255, 'a'));
    row("RFC 1035 §2.3.4: 256 are none", QByteArray(256, 'a'), "");
}

void TestHostName::whatIsDialled()
{
    QFETCH(QByteArray, written);
    QFETCH(QByteArray, dialled);
    const std::optional<QByteArray> host = hostToDial(written);
    QCOMPARE(host.has_value(), !dialled.isEmpty());
    if (host)
        QCOMPARE(*host, dialled);
}

/// Every byte, in the middle of a name.
void TestHostName::noOctetIsOverlooked()
{
    const QByteArray allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
    for (int octet = 0; octet < 256; ++octet) {
        const QByteArray host = QByteArray("a").append(char(octet)).append("b.test");
        QCOMPARE(hostToDial(host).has_value(), allowed.contains(char(octet)));
    }
}

QTEST_APPLESS_MAIN(TestHostName)
#include "tst_hostname.moc"
