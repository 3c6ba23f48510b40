// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "policy/cidr.h"
#include "policy/specialaddresses.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::policy;

namespace {

AddressBlock blockOf(const QByteArray &range)
{
    const Cidr parsed = Cidr::parse(range).value();
    const AddressBits first = AddressBits::of(parsed.network());
    return { first, parsed.prefixLength() + (first.isIpv4() ? 96 : 0) };
}

} // namespace

class TstSpecialAddresses : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void special_data();
    void special();
    void registries_data();
    void registries();
    void ranges_data();
    void ranges();
    void fakeAddresses();
};

void TstSpecialAddresses::special_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<bool>("expected");
    const auto row = [](const char *name, const QString &address, bool expected) {
        QTest::newRow(name) << address << expected;
    };

    row("B§2: loopback", u"127.0.0.1"_s, true);
    row("B§2: the end of loopback", u"127.255.255.255"_s, true);
    row("B§2: before loopback is public", u"126.255.255.255"_s, false);
    row("B§2: behind loopback is public", u"128.0.0.0"_s, false);
    row("B§2: cloud metadata (link-local)", u"169.254.169.254"_s, true);
    row("B§2: before link-local is public", u"169.253.255.255"_s, false);
    row("B§2: behind link-local is public", u"169.255.0.0"_s, false);
    row("B§2: private 10/8", u"10.255.255.255"_s, true);
    row("B§2: behind 10/8 is public", u"11.0.0.0"_s, false);
    row("B§2: private 172.16/12", u"172.31.255.255"_s, true);
    row("B§2: before 172.16/12 is public", u"172.15.255.255"_s, false);
    row("B§2: behind 172.16/12 is public", u"172.32.0.0"_s, false);
    row("B§2: private 192.168/16", u"192.168.0.0"_s, true);
    row("B§2: behind 192.168/16 is public", u"192.169.0.0"_s, false);
    row("B§2: CGNAT", u"100.64.0.0"_s, true);
    row("B§2: the end of CGNAT", u"100.127.255.255"_s, true);
    row("B§2: behind CGNAT is public", u"100.128.0.0"_s, false);
    row("B§2: 0.0.0.0", u"0.0.0.0"_s, true);
    row("B§2: the end of 0/8", u"0.255.255.255"_s, true);
    row("B§2: behind 0/8 is public", u"1.0.0.0"_s, false);
    row("B§2: 192.0.0.0/24", u"192.0.0.255"_s, true);
    row("B§2: behind 192.0.0.0/24 is public", u"192.0.1.0"_s, false);
    row("B§2: benchmarking 198.18/15", u"198.19.255.255"_s, true);
    row("B§2: behind 198.18/15 is public", u"198.20.0.0"_s, false);
    row("B§2: multicast", u"224.0.0.1"_s, true);
    row("B§2: the end of multicast", u"239.255.255.255"_s, true);
    row("B§2: before multicast is public", u"223.255.255.255"_s, false);
    row("B§2: reserved 240/4", u"240.0.0.0"_s, true);
    row("B§2: broadcast", u"255.255.255.255"_s, true);
    row("B§2: a public IPv4 address", u"8.8.8.8"_s, false);
    row("B§2: before the documentation range is public", u"203.0.112.255"_s, false);
    row("B§2: behind the documentation range is public", u"203.0.114.0"_s, false);
    row("B§2: before 6to4's relays is public", u"192.88.98.255"_s, false);
    row("B§2: behind 6to4's relays is public", u"192.88.100.0"_s, false);
    row("B§2: Azure's agent", u"168.63.129.16"_s, true);
    row("B§2: before Azure's agent is public", u"168.63.129.15"_s, false);
    row("B§2: behind Azure's agent is public", u"168.63.129.17"_s, false);
    row("B§2: Equinix Metal's metadata", u"192.80.8.124"_s, true);
    row("B§2: Alibaba's metadata", u"100.100.100.200"_s, true);
    row("B§2: Oracle's metadata", u"192.0.0.192"_s, true);
    row("B§2: Google's private endpoints are public", u"199.36.153.8"_s, false);

    row("B§2: :: connects to loopback", u"::"_s, true);
    row("B§2: ::1", u"::1"_s, true);
    row("B§2: link-local fe80::/10", u"febf::1"_s, true);
    row("B§2: site-local fec0::/10", u"fec0::1"_s, true);
    row("B§2: ULA fc00::/8", u"fc00::1"_s, true);
    row("B§2: ULA fd00::/8", u"fdff::1"_s, true);
    row("B§2: IPv6 multicast", u"ff02::1"_s, true);
    row("B§2: IPv6 that IANA has not given out", u"fbff::1"_s, true);
    row("B§2: before global unicast", u"1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"_s, true);
    row("B§2: the first of global unicast is public", u"2000::"_s, false);
    row("B§2: behind global unicast", u"4000::"_s, true);
    row("B§2: behind the IETF's assignments is public", u"2001:200::"_s, false);
    row("B§2: before IPv6 documentation is public", u"2001:db7:ffff::1"_s, false);
    row("B§2: behind IPv6 documentation is public", u"2001:db9::"_s, false);
    row("B§2: before the second IPv6 documentation is public", u"3ffe:ffff::1"_s, false);
    row("B§2: behind the second IPv6 documentation is public", u"3fff:1000::"_s, false);
    row("B§2: AWS's metadata over IPv6", u"fd00:ec2::254"_s, true);
    row("B§2: a public IPv6 address", u"2606:4700::1111"_s, false);

    row("B§2: mapped loopback", u"::ffff:127.0.0.1"_s, true);
    row("B§2: mapped public is public", u"::ffff:8.8.8.8"_s, false);
    row("RFC 4291 §2.5.5.1: IPv4-compatible", u"::8.8.8.8"_s, true);
    row("RFC 2765 §2.1: translated private", u"::ffff:0:10.0.0.1"_s, true);
    row("RFC 2765 §2.1: translated public, a form given up since", u"::ffff:0:8.8.8.8"_s, true);
    row("RFC 6052 §2.1: NAT64 of metadata", u"64:ff9b::169.254.169.254"_s, true);
    row("RFC 6052 §2.1: NAT64 of public is public", u"64:ff9b::8.8.8.8"_s, false);
    row("RFC 8215: local-use NAT64, whatever is inside", u"64:ff9b:1::808:808"_s, true);
    row("RFC 6052 §2.1: NAT64 of Azure's agent", u"64:ff9b::168.63.129.16"_s, true);
    row("B§2: mapped form of Azure's agent", u"::ffff:168.63.129.16"_s, true);
    row("RFC 3056 §2: 6to4 of Azure's agent", u"2002:a83f:8110::1"_s, true);
    row("RFC 3056 §2: 6to4 of private", u"2002:c0a8:101::1"_s, true);
    row("RFC 3056 §2: 6to4 of public is public", u"2002:808:808::1"_s, false);
    // 65.54.227.120 is a public server; 3f57:fefe is the client 192.168.1.1, inverted.
    row("RFC 4380 §4: Teredo of a private client", u"2001:0:4136:e378:8000:63bf:3f57:fefe"_s, true);
    row("RFC 4380 §4: Teredo of public ones is public", u"2001:0:4136:e378:8000:63bf:f7f7:f7f7"_s,
        false);
    row("RFC 4380 §4: Teredo of a private server", u"2001:0:a00:1:8000:63bf:f7f7:f7f7"_s, true);
    row("RFC 5214 §6.1: ISATAP of private", u"2606:4700::5efe:10.0.0.1"_s, true);
    row("RFC 5214 §6.1: ISATAP of private, global bit", u"2606:4700::200:5efe:10.0.0.1"_s, true);
    row("RFC 5214 §6.1: ISATAP of public is public", u"2606:4700::5efe:8.8.8.8"_s, false);
}

void TstSpecialAddresses::special()
{
    QFETCH(QString, address);
    QFETCH(bool, expected);

    const QHostAddress parsed(address);
    QVERIFY(!parsed.isNull());
    QCOMPARE(isSpecial(parsed), expected);
    QVERIFY(isSpecial(QHostAddress()));
}

/// Every row of IANA's two special-purpose registries, as written there, except translators.
void TstSpecialAddresses::registries_data()
{
    QTest::addColumn<QByteArray>("range");
    for (const char *range :
         { "0.0.0.0/8",       "0.0.0.0/32",         "10.0.0.0/8",      "100.64.0.0/10",
           "127.0.0.0/8",     "169.254.0.0/16",     "172.16.0.0/12",   "192.0.0.0/24",
           "192.0.0.0/29",    "192.0.0.8/32",       "192.0.0.9/32",    "192.0.0.10/32",
           "192.0.0.170/32",  "192.0.0.171/32",     "192.0.2.0/24",    "192.31.196.0/24",
           "192.52.193.0/24", "192.88.99.0/24",     "192.88.99.2/32",  "192.168.0.0/16",
           "192.175.48.0/24", "198.18.0.0/15",      "198.51.100.0/24", "203.0.113.0/24",
           "240.0.0.0/4",     "255.255.255.255/32", "::1/128",         "::/128",
           "64:ff9b:1::/48",  "100::/64",           "100:0:0:1::/64",  "2001:1::1/128",
           "2001:1::2/128",   "2001:1::3/128",      "2001:2::/48",     "2001:3::/32",
           "2001:4:112::/48", "2001:10::/28",       "2001:20::/28",    "2001:30::/28",
           "2001:db8::/32",   "2620:4f:8000::/48",  "3fff::/20",       "5f00::/16",
           "fc00::/7",        "fe80::/10" })
        QTest::newRow(range) << QByteArray(range);
}

void TstSpecialAddresses::registries()
{
    QFETCH(QByteArray, range);

    const AddressBlock block = blockOf(range);
    QVERIFY2(isSpecialThroughout(block),
             "B§2: every row of IANA's special-purpose registries is special");
    // Bytewise, and both ends: the first address and the last one.
    Q_IPV6ADDR octets;
    qToBigEndian(block.first.high, octets.c);
    qToBigEndian(block.first.low, octets.c + 8);
    QVERIFY(isSpecial(QHostAddress(octets)));
    for (int bit = block.length; bit < 128; ++bit)
        octets[bit / 8] = static_cast<quint8>(octets[bit / 8] | 0x80 >> (bit % 8));
    QVERIFY(block.contains(AddressBits::of(QHostAddress(octets))));
    QVERIFY(isSpecial(QHostAddress(octets)));
}

void TstSpecialAddresses::ranges_data()
{
    QTest::addColumn<QByteArray>("range");
    QTest::addColumn<bool>("expected");
    const auto row = [](const char *name, const QByteArray &range, bool expected) {
        QTest::newRow(name) << range << expected;
    };
    row("B§2: a part of a special range", "172.17.0.0/16", true);
    row("B§2: more than a special range", "172.0.0.0/8", false);
    row("B§2: a range with one special address in it", "168.63.129.16/28", false);
    row("B§2: all of IPv4", "0.0.0.0/0", false);
    row("B§2: a public network", "11.22.33.0/24", false);
    row("B§2: a unique local network", "fd00:1:2:3::/64", true);
    row("B§2: a public IPv6 network", "2606:4700:1:2::/64", false);
    row("B§2: all of IPv6", "::/0", false);
    row("B§2: a range with NAT64 in it", "64::/16", false);
    row("B§2: NAT64 of private and of public ones", "64:ff9b::/96", false);
}

void TstSpecialAddresses::ranges()
{
    QFETCH(QByteArray, range);
    QFETCH(bool, expected);

    QCOMPARE(isSpecialThroughout(blockOf(range)), expected);
}

void TstSpecialAddresses::fakeAddresses()
{
    for (const char *range : { "198.18.0.0/15", "fc00::/18" })
        QVERIFY2(isSpecialThroughout(blockOf(range)), range);
    for (const char *fake : { "198.18.0.0", "198.18.0.5", "198.19.255.255", "::ffff:198.18.0.5",
                              "fc00::", "fc00::5", "fc00:3fff:ffff::ffff" })
        QVERIFY2(isFakeAddress(QHostAddress(QString::fromLatin1(fake))), fake);
    // 28.0.0.0/8, which some use instead, is public: no name is refused because of it.
    for (const char *other : { "198.17.255.255", "198.20.0.0", "10.0.0.1", "28.0.0.1",
                               "fc00:4000::", "fd00::1", "2001:db8::1", "::" })
        QVERIFY2(!isFakeAddress(QHostAddress(QString::fromLatin1(other))), other);
    QVERIFY(!isSpecial(QHostAddress(u"28.0.0.1"_s)));
}

QTEST_APPLESS_MAIN(TstSpecialAddresses)
#include "tst_specialaddresses.moc"
