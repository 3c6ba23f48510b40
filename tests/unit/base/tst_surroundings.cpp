// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "base/surroundings.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami;

class TstSurroundings : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void ipv4();
    void ipv6();
    void nonsense();
    void here();
};

void TstSurroundings::ipv4()
{
    if (Q_BYTE_ORDER != Q_LITTLE_ENDIAN)
        QSKIP("the table is in this machine's order of octets");
    const QByteArray table =
        "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
        "eth0\t00000000\t010011AC\t0003\t0\t0\t0\t00000000\t0\t0\t0\n"
        "eth1\t00000000\tFE01A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
        "eth0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\n"
        "eth0\t00000000\t00000000\t0001\t0\t0\t0\t00000000\t0\t0\t0\n"  // no gateway
        "eth0\t00000000\t0900A8C0\t0003\t0\t0\t0\t00000080\t0\t0\t0\n"; // 0.0.0.0/1
    QCOMPARE(ipv4Gateways(table),
             (QList { QHostAddress(u"172.17.0.1"_s), QHostAddress(u"192.168.1.254"_s) }));
    QVERIFY(hasSeveralNetworks(table));
    QVERIFY(!hasSeveralNetworks(QByteArray(table).replace("eth1", "eth0")));
}

void TstSurroundings::ipv6()
{
    const QByteArray zero(32, '0');
    const QByteArray gateway = "fd000017000000000000000000000001";
    const QByteArray table = zero + " 00 " + zero + " 00 " + gateway
        + " 00000400 00000001 00000000 00000003     eth0\n" + "fd000017" + QByteArray(24, '0')
        + " 40 " + zero + " 00 " + zero + " 00000100 00000001 00000000 00000001     eth0\n" + zero
        + " 00 " + zero + " 00 " + zero + " ffffffff 00000001 00000000 00200200       lo\n";
    QCOMPARE(ipv6Gateways(table), QList { QHostAddress(u"fd00:17::1"_s) });
}

void TstSurroundings::nonsense()
{
    for (const char *table : { "", "\n\n", "a b c", "eth0 00000000 XYZ 0003 0 0 0 00000000",
                               "00 00 00 00 00", "\0\xff" }) {
        QVERIFY(ipv4Gateways(table).isEmpty());
        QVERIFY(ipv6Gateways(table).isEmpty());
        QVERIFY(!hasSeveralNetworks(table));
    }
}

void TstSurroundings::here()
{
    const auto found = readSurroundings();
    QVERIFY(found);
    QVERIFY2(found->isContainer || found->gateways.isEmpty(), "asked for in a container only");
}

QTEST_APPLESS_MAIN(TstSurroundings)
#include "tst_surroundings.moc"
