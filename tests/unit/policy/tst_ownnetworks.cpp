// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "policy/ownnetworks.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::policy;

namespace {

AddressBits bits(const QString &address)
{
    return AddressBits::of(QHostAddress(address));
}

} // namespace

class TstOwnNetworks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void neighbours_data();
    void neighbours();
    void localPrefixes();
    void addresses();
    void duplicates();
};

void TstOwnNetworks::neighbours_data()
{
    QTest::addColumn<QString>("own");
    QTest::addColumn<int>("prefixLength");
    QTest::addColumn<LinkKind>("link");
    QTest::addColumn<QString>("other");
    QTest::addColumn<bool>("isNeighbour");
    QTest::addColumn<QByteArray>("open"); // the network that the log names
    const auto row = [](const char *name, const QString &own, int prefixLength, LinkKind link,
                        const QString &other, bool isNeighbour, const QByteArray &open) {
        QTest::newRow(name) << own << prefixLength << link << other << isNeighbour << open;
    };
    const auto shared = LinkKind::Shared;
    const auto pointToPoint = LinkKind::PointToPoint;

    row("B§2: a /24 is one's own", u"11.22.33.4"_s, 24, shared, u"11.22.33.255"_s, true, "");
    row("B§2: outside of it nobody is", u"11.22.33.4"_s, 24, shared, u"11.22.34.0"_s, false, "");
    row("B§2: a /30 is one's own", u"11.22.33.5"_s, 30, shared, u"11.22.33.6"_s, true, "");
    row("B§2: a /31 has one other end", u"11.22.33.4"_s, 31, shared, u"11.22.33.5"_s, false, "");
    row("B§2: a /32 has nobody", u"11.22.33.4"_s, 32, shared, u"11.22.33.5"_s, false, "");
    row("B§2: a /23 is a provider's", u"11.22.33.4"_s, 23, shared, u"11.22.33.5"_s, false,
        "11.22.32.0/23");
    row("B§2: a /20 is a provider's", u"11.22.33.4"_s, 20, shared, u"11.22.33.5"_s, false,
        "11.22.32.0/20");
    row("B§2: a wide private network is not said", u"10.1.2.3"_s, 8, shared, u"10.1.2.4"_s, false,
        "");
    row("B§2: no prefix is known", u"11.22.33.4"_s, -1, shared, u"11.22.33.5"_s, false, "");
    row("B§2: a mapped address is an IPv4 one", u"11.22.33.4"_s, 24, shared, u"::ffff:11.22.33.5"_s,
        true, "");
    row("B§2: another end of a link is the provider", u"11.22.33.4"_s, 24, pointToPoint,
        u"11.22.33.5"_s, false, "11.22.33.0/24");
    row("B§2: a tunnel with a single address", u"11.22.33.4"_s, 32, pointToPoint, u"11.22.33.5"_s,
        false, "");
    row("B§2: a private tunnel is not said", u"10.8.0.2"_s, 24, pointToPoint, u"10.8.0.1"_s, false,
        "");
    row("B§2: loopback has no neighbours", u"11.22.33.4"_s, 32, LinkKind::Loopback, u"11.22.33.5"_s,
        false, "");
    row("B§2: a /64 is one's own", u"2606:4700:1:2::4"_s, 64, shared,
        u"2606:4700:1:2:ffff:ffff:ffff:ffff"_s, true, "");
    row("B§2: a sibling /64 is not known", u"2606:4700:1:2::4"_s, 64, shared, u"2606:4700:1:3::4"_s,
        false, "");
    row("B§2: a /126 is one's own", u"2606:4700::5"_s, 126, shared, u"2606:4700::6"_s, true, "");
    row("B§2: a /127 has one other end", u"2606:4700::4"_s, 127, shared, u"2606:4700::5"_s, false,
        "");
    row("B§2: a /63 is a provider's", u"2606:4700:1:2::4"_s, 63, shared, u"2606:4700:1:3::4"_s,
        false, "2606:4700:1:2::/63");
    row("B§2: a tunnel broker's /64", u"2606:4700:1:2::2"_s, 64, pointToPoint,
        u"2606:4700:1:2::1"_s, false, "2606:4700:1:2::/64");
    row("B§2: a link-local /64 is not said", u"fe80::4"_s, 10, shared, u"fe80::5"_s, false, "");
    row("B§2: a /64 around no address swallows no IPv4", u"::4"_s, 64, shared, u"8.8.8.8"_s, false,
        "");
}

void TstOwnNetworks::localPrefixes()
{
    const OwnNetworks networks({ { QHostAddress(u"35.1.0.1"_s), 16, LinkKind::Loopback, "lo" },
                                 { QHostAddress(u"2a0a:77::"_s), 48, LinkKind::Loopback, "lo" },
                                 { QHostAddress(u"127.0.0.1"_s), 8, LinkKind::Loopback, "lo" } });
    QVERIFY(networks.hasAddress(bits(u"35.1.0.1"_s)));
    QVERIFY(networks.hasAddress(bits(u"35.1.77.77"_s)));
    QVERIFY(networks.hasAddress(bits(u"2a0a:77:0:1::5"_s)));
    QVERIFY(!networks.hasAddress(bits(u"35.2.0.1"_s)));
    QVERIFY(!networks.hasAddress(bits(u"2a0a:78::5"_s)));
    QVERIFY(networks.openNetworks().isEmpty());
}

void TstOwnNetworks::neighbours()
{
    QFETCH(QString, own);
    QFETCH(int, prefixLength);
    QFETCH(LinkKind, link);
    QFETCH(QString, other);
    QFETCH(bool, isNeighbour);
    QFETCH(QByteArray, open);

    const OwnNetworks networks({ { QHostAddress(own), prefixLength, link, "eth0" } });
    QVERIFY(networks.hasAddress(bits(own)));
    QVERIFY(!networks.hasAddress(bits(other)));
    QCOMPARE(networks.hasNeighbour(bits(other)), isNeighbour);
    QByteArray told;
    for (const OpenNetwork &network : networks.openNetworks())
        told += network.network.toByteArray();
    QCOMPARE(told, open);
}

void TstOwnNetworks::addresses()
{
    const OwnNetworks networks({ { QHostAddress(u"127.0.0.1"_s), 8, LinkKind::Loopback, "lo" },
                                 { QHostAddress(u"fe80::4%1"_s), 64, LinkKind::Shared, "eth0" } });
    QVERIFY(networks.hasAddress(bits(u"127.0.0.1"_s)));
    QVERIFY(networks.hasAddress(bits(u"::ffff:127.0.0.1"_s)));
    QVERIFY(networks.hasAddress(bits(u"fe80::4"_s)));
    QVERIFY(!networks.hasAddress(bits(u"127.0.0.2"_s)));
    QVERIFY(!OwnNetworks().hasAddress(bits(u"127.0.0.1"_s)));
}

void TstOwnNetworks::duplicates()
{
    const InterfaceAddress one { QHostAddress(u"2606:4700:1:2::4"_s), 64, LinkKind::Shared,
                                 "eth0" };
    const InterfaceAddress temporary { QHostAddress(u"2606:4700:1:2::5"_s), 64, LinkKind::Shared,
                                       "eth0" };
    QCOMPARE(OwnNetworks({ one, one }), OwnNetworks({ one }));
    QVERIFY(!(OwnNetworks({ one, temporary }) == OwnNetworks({ one })));
}

QTEST_APPLESS_MAIN(TstOwnNetworks)
#include "tst_ownnetworks.moc"
