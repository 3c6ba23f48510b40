// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "policy/clientacl.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami::policy;

class TstClientAcl : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void check_data();
    void check();
};

void TstClientAcl::check_data()
{
    QTest::addColumn<QList<QByteArray>>("allowed");
    QTest::addColumn<QString>("client");
    QTest::addColumn<bool>("expected");

    const QList<QByteArray> list { "192.168.1.100", "10.0.0.0/8", "2001:db8::/32" };
    QTest::newRow("B§1: an empty list lets everyone in")
        << QList<QByteArray>() << u"203.0.113.9"_s << true;
    QTest::newRow("B§2: a listed address is let in") << list << u"192.168.1.100"_s << true;
    QTest::newRow("B§2: an address in a listed range is let in") << list << u"10.9.8.7"_s << true;
    QTest::newRow("B§2: an IPv6 address in a listed range is let in")
        << list << u"2001:db8:1::1"_s << true;
    QTest::newRow("B§2: any other address is refused") << list << u"192.168.1.101"_s << false;
    QTest::newRow("B§2: an IPv6 client is refused where only IPv4 is listed")
        << QList<QByteArray> { "0.0.0.0/0" } << u"2001:db8::1"_s << false;
    QTest::newRow("B§1: a mapped client is judged as IPv4")
        << list << u"::ffff:192.168.1.100"_s << true;
    QTest::newRow("B§2: loopback has no privilege") << list << u"127.0.0.1"_s << false;
}

void TstClientAcl::check()
{
    QFETCH(QList<QByteArray>, allowed);
    QFETCH(QString, client);
    QFETCH(bool, expected);

    QList<ClientEntry> ranges;
    for (const QByteArray &text : allowed)
        ranges.append(Cidr::parse(text).value());
    const Decision decision = ClientAcl(ranges).check(QHostAddress(client));
    QCOMPARE(decision.refusal, expected ? Refusal::None : Refusal::ClientNotListed);
}

QTEST_APPLESS_MAIN(TstClientAcl)
#include "tst_clientacl.moc"
