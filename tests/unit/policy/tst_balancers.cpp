// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "policy/balancers.h"

#include <QTest>

using namespace sami::policy;
using namespace Qt::StringLiterals;

class TstBalancers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whoIsOne_data();
    void whoIsOne();
    void whatIsNoEntry_data();
    void whatIsNoEntry();
};

void TstBalancers::whoIsOne_data()
{
    QTest::addColumn<QList<QByteArray>>("entries");
    QTest::addColumn<QString>("peer");
    QTest::addColumn<bool>("expected");
    const QList<QByteArray> list { "192.0.2.7", "10.1.0.0/16", "2001:db8::/64" };
    QTest::newRow("B§1: without an entry nobody is a balancer")
        << QList<QByteArray>() << u"192.0.2.7"_s << false;
    QTest::newRow("B§1: an address that is named is one") << list << u"192.0.2.7"_s << true;
    QTest::newRow("B§1: its neighbour is none") << list << u"192.0.2.8"_s << false;
    QTest::newRow("B§1: an address in a range is one") << list << u"10.1.2.3"_s << true;
    QTest::newRow("B§1: an address beside a range is none") << list << u"10.2.0.1"_s << false;
    QTest::newRow("B§1: an IPv6 address in a range is one") << list << u"2001:db8::9"_s << true;
    QTest::newRow("B§1: another IPv6 network is none") << list << u"2001:db8:1::9"_s << false;
    QTest::newRow("B§1: an IPv4-mapped peer is judged as IPv4")
        << list << u"::ffff:10.1.2.3"_s << true;
    QTest::newRow("B§1: no address is none") << list << QString() << false;
}

void TstBalancers::whoIsOne()
{
    QFETCH(QList<QByteArray>, entries);
    QFETCH(QString, peer);
    QFETCH(bool, expected);
    QList<BalancerEntry> parsed;
    for (const QByteArray &text : entries) {
        const auto entry = BalancerEntry::parse(text);
        QVERIFY2(entry, text.constData());
        QCOMPARE(BalancerEntry::parse(entry->toByteArray()).value(), *entry);
        parsed.append(*entry);
    }
    QCOMPARE(Balancers(parsed).contains(QHostAddress(peer)), expected);
}

void TstBalancers::whatIsNoEntry_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("why");
    QTest::newRow("B§1: all of IPv4 is everybody") << "0.0.0.0/0"_ba << u"is everybody"_s;
    QTest::newRow("B§1: all of IPv6 is everybody") << "::/0"_ba << u"is everybody"_s;
    QTest::newRow("B§1: loopback is every program of this machine")
        << "127.0.0.1"_ba << u"holds loopback"_s;
    QTest::newRow("B§1: so is another address of its block")
        << "127.1.2.3"_ba << u"holds loopback"_s;
    QTest::newRow("B§1: so is a part of its block") << "127.0.0.0/24"_ba << u"holds loopback"_s;
    QTest::newRow("B§1: so is a range around it") << "64.0.0.0/2"_ba << u"holds loopback"_s;
    QTest::newRow("B§1: so is loopback of IPv6") << "::1"_ba << u"holds loopback"_s;
    QTest::newRow("B§1: so is a range around that") << "::/64"_ba << u"holds loopback"_s;
    QTest::newRow("B§1: so is one around the mapped form of IPv4's")
        << "::fffe:0:0/95"_ba << u"holds loopback"_s;
    QTest::newRow("B§1: a name is no address") << "balancer.example"_ba << u"not an address"_s;
    QTest::newRow("B§1: no word stands for balancers") << "private"_ba << u"not an address"_s;
    QTest::newRow("B§1: no bits behind the prefix") << "10.0.0.1/8"_ba << u"bits set"_s;
}

void TstBalancers::whatIsNoEntry()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, why);
    const auto entry = BalancerEntry::parse(text);
    QVERIFY(!entry);
    QVERIFY2(entry.error().contains(why), qPrintable(entry.error()));
}

QTEST_APPLESS_MAIN(TstBalancers)
#include "tst_balancers.moc"
