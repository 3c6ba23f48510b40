// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "policy/cidr.h"

#include <QTest>

using namespace Qt::StringLiterals;
using sami::policy::Cidr;

class TstCidr : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void parse_data();
    void parse();
    void parseErrors_data();
    void parseErrors();
    void contains_data();
    void contains();
    void host_data();
    void host();
    void around_data();
    void around();
    void anEmptyValueHoldsNothing();
};

void TstCidr::parse_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("length");
    QTest::addColumn<QByteArray>("written");

    QTest::newRow("B§1: an IPv4 address") << "192.0.2.7"_ba << 32 << "192.0.2.7"_ba;
    QTest::newRow("B§1: an IPv4 range") << "192.0.2.0/24"_ba << 24 << "192.0.2.0/24"_ba;
    QTest::newRow("B§1: an IPv6 address") << "2001:db8::1"_ba << 128 << "2001:db8::1"_ba;
    QTest::newRow("B§1: an IPv6 range") << "2001:db8::/32"_ba << 32 << "2001:db8::/32"_ba;
    QTest::newRow("a length that splits an octet")
        << "100.64.0.0/10"_ba << 10 << "100.64.0.0/10"_ba;
    QTest::newRow("a length that splits an IPv6 octet") << "fc00::/7"_ba << 7 << "fc00::/7"_ba;
    QTest::newRow("all of IPv4") << "0.0.0.0/0"_ba << 0 << "0.0.0.0/0"_ba;
    QTest::newRow("all of IPv6") << "::/0"_ba << 0 << "::/0"_ba;
    QTest::newRow("/32 is written as the address alone")
        << "192.0.2.7/32"_ba << 32 << "192.0.2.7"_ba;
    QTest::newRow("another spelling of IPv6 is written the usual way")
        << "2001:0DB8:0:0::0/48"_ba << 48 << "2001:db8::/48"_ba;
}

void TstCidr::parse()
{
    QFETCH(QByteArray, text);
    QFETCH(int, length);
    QFETCH(QByteArray, written);

    const auto range = Cidr::parse(text);
    QVERIFY2(range, range ? "" : qPrintable(range.error()));
    QCOMPARE(range->prefixLength(), length);
    QCOMPARE(range->toByteArray(), written);
    QCOMPARE(Cidr::parse(written).value(), *range);
}

void TstCidr::parseErrors_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("hint"); // part of the sentence

    QTest::newRow("B§1: nothing is an error") << ""_ba << u"missing"_s;
    QTest::newRow("B§1: a name is an error") << "localhost"_ba << u"not an address"_s;
    QTest::newRow("B§1: an IPv4 length over 32 is an error")
        << "10.0.0.0/33"_ba << u"must be 0 to 32"_s;
    QTest::newRow("B§1: an IPv6 length over 128 is an error") << "::/129"_ba << u"0 to 128"_s;
    QTest::newRow("B§1: a missing length is an error") << "10.0.0.0/"_ba << u"0 to 32"_s;
    QTest::newRow("B§1: a signed length is an error") << "10.0.0.0/+8"_ba << u"0 to 32"_s;
    QTest::newRow("B§1: a length that would overflow is an error")
        << "10.0.0.0/4294967304"_ba << u"0 to 32"_s;
    QTest::newRow("B§1: a netmask is an error") << "10.0.0.0/255.0.0.0"_ba << u"0 to 32"_s;
    QTest::newRow("B§1: two lengths are an error") << "10.0.0.0/8/8"_ba << u"0 to 32"_s;
    QTest::newRow("B§1: set host bits are an error that shows the network")
        << "192.0.2.7/24"_ba << u"192.0.2.0/24"_s;
    QTest::newRow("B§1: set IPv6 host bits are an error")
        << "2001:db8::1/32"_ba << u"2001:db8::/32"_s;
    QTest::newRow("B§1: an octal octet is an error") << "010.0.0.1"_ba << u"not an address"_s;
    QTest::newRow("B§1: a short form is an error") << "10.1"_ba << u"not an address"_s;
    QTest::newRow("B§1: hexadecimal is an error") << "0x0a.0.0.1"_ba << u"not an address"_s;
    QTest::newRow("B§1: a zone is an error") << "fe80::1%eth0"_ba << u"zone"_s;
    QTest::newRow("B§1: brackets are an error") << "[::1]"_ba << u"brackets"_s;
    QTest::newRow("B§1: a mapped address is an error that shows the IPv4 one")
        << "::ffff:192.0.2.7"_ba << u"192.0.2.7"_s;
    QTest::newRow("B§1: a blank within is an error") << "10.0.0.1 "_ba << u"not an address"_s;
    QTest::newRow("B§1: a star is an error") << "10.0.0.*"_ba << u"not an address"_s;
    QTest::newRow("B§1: a NUL is an error") << QByteArray("10.0.0.1\0", 9) << u"not an address"_s;
}

void TstCidr::parseErrors()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, hint);

    const auto range = Cidr::parse(text);
    QVERIFY(!range);
    QVERIFY2(range.error().contains(hint), qPrintable(range.error()));
}

void TstCidr::contains_data()
{
    QTest::addColumn<QByteArray>("range");
    QTest::addColumn<QString>("address");
    QTest::addColumn<bool>("expected");

    QTest::newRow("the network's first address is in")
        << "192.0.2.0/24"_ba << u"192.0.2.0"_s << true;
    QTest::newRow("the network's last address is in")
        << "192.0.2.0/24"_ba << u"192.0.2.255"_s << true;
    QTest::newRow("the one before is out") << "192.0.2.0/24"_ba << u"192.0.1.255"_s << false;
    QTest::newRow("the one behind is out") << "192.0.2.0/24"_ba << u"192.0.3.0"_s << false;
    QTest::newRow("the last of a /10 is in") << "100.64.0.0/10"_ba << u"100.127.255.255"_s << true;
    QTest::newRow("the one behind a /10 is out") << "100.64.0.0/10"_ba << u"100.128.0.0"_s << false;
    QTest::newRow("/0 holds every IPv4 address") << "0.0.0.0/0"_ba << u"255.255.255.255"_s << true;
    QTest::newRow("IPv4's /0 holds no IPv6") << "0.0.0.0/0"_ba << u"::1"_s << false;
    QTest::newRow("IPv6's /0 holds no IPv4") << "::/0"_ba << u"192.0.2.7"_s << false;
    QTest::newRow("IPv6's /0 holds every IPv6 address") << "::/0"_ba << u"ffff::"_s << true;
    QTest::newRow("B§1: a mapped client counts as IPv4")
        << "192.0.2.0/24"_ba << u"::ffff:192.0.2.7"_s << true;
    QTest::newRow("an IPv6 prefix within an octet, in") << "fc00::/7"_ba << u"fdff::1"_s << true;
    QTest::newRow("an IPv6 prefix within an octet, out") << "fc00::/7"_ba << u"fe00::1"_s << false;
    QTest::newRow("the zone of a client does not count")
        << "fe80::/10"_ba << u"fe80::1%1"_s << true;
    QTest::newRow("a single address holds itself") << "2001:db8::1"_ba << u"2001:db8::1"_s << true;
    QTest::newRow("a single address holds no other")
        << "2001:db8::1"_ba << u"2001:db8::2"_s << false;
}

void TstCidr::contains()
{
    QFETCH(QByteArray, range);
    QFETCH(QString, address);
    QFETCH(bool, expected);

    const QHostAddress parsed(address);
    QVERIFY(!parsed.isNull());
    QCOMPARE(Cidr::parse(range).value().contains(parsed), expected);
}

void TstCidr::host_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<QByteArray>("expected");

    QTest::newRow("an IPv4 address") << u"192.0.2.7"_s << "192.0.2.7"_ba;
    QTest::newRow("an IPv6 address") << u"2001:db8::1"_s << "2001:db8::1"_ba;
    QTest::newRow("a mapped address is IPv4") << u"::ffff:192.0.2.7"_s << "192.0.2.7"_ba;
    QTest::newRow("the zone is dropped") << u"fe80::1%1"_s << "fe80::1"_ba;
}

void TstCidr::host()
{
    QFETCH(QString, address);
    QFETCH(QByteArray, expected);

    const Cidr range = Cidr::host(QHostAddress(address));
    QCOMPARE(range.toByteArray(), expected);
    QCOMPARE(Cidr::parse(expected).value(), range);
}

void TstCidr::around_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<int>("prefixLength");
    QTest::addColumn<Cidr>("expected");

    const auto range = [](const char *text) { return Cidr::parse(text).value(); };
    QTest::newRow("an IPv4 network") << u"192.0.2.77"_s << 24 << range("192.0.2.0/24");
    QTest::newRow("an IPv6 network") << u"2001:db8::1"_s << 33 << range("2001:db8::/33");
    QTest::newRow("everything") << u"192.0.2.77"_s << 0 << range("0.0.0.0/0");
    QTest::newRow("the address alone") << u"192.0.2.77"_s << 32 << range("192.0.2.77");
    QTest::newRow("IPv4 has no 33 bits") << u"192.0.2.77"_s << 33 << Cidr();
    QTest::newRow("no length") << u"2001:db8::1"_s << -1 << Cidr();
}

void TstCidr::around()
{
    QFETCH(QString, address);
    QFETCH(int, prefixLength);
    QFETCH(Cidr, expected);

    QVERIFY(Cidr::around(QHostAddress(address), prefixLength) == expected);
}

void TstCidr::anEmptyValueHoldsNothing()
{
    QVERIFY(!Cidr().contains(QHostAddress(u"192.0.2.7"_s)));
    QVERIFY(!Cidr().contains(QHostAddress()));
    QVERIFY(!Cidr::host(QHostAddress()).contains(QHostAddress()));
}

QTEST_APPLESS_MAIN(TstCidr)
#include "tst_cidr.moc"
