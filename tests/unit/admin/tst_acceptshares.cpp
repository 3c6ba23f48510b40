// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "admin/acceptshares.h"

#include <QTest>

using namespace sami::admin;

namespace {

QHostAddress client(int number)
{
    return QHostAddress(0xc0000200u + quint32(number));
}

int servedOf(AcceptShares &shares, const QHostAddress &from, int tries)
{
    int served = 0;
    for (int i = 0; i < tries && !shares.isSpent(); ++i)
        served += shares.serves(from) ? 1 : 0;
    return served;
}

} // namespace

class TstAcceptShares : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aBurstOfOneClientIsServed();
    void aFloodOfOneClientLeavesOthersTheirShare();
    void aNetworkIsOneClient();
    void manyClientsWait();
    void aFloodIsLookedAtForSoLongOnly();
    void peersWithoutAddressAreServed();
};

void TstAcceptShares::aBurstOfOneClientIsServed()
{
    AcceptShares shares;
    QVERIFY(shares.isFresh());
    QCOMPARE(servedOf(shares, client(1), AcceptShares::ofAll), AcceptShares::ofAll);
    QVERIFY(!shares.isFresh());
    shares.renew();
    QVERIFY(shares.isFresh());
    QCOMPARE(servedOf(shares, client(1), AcceptShares::ofAll), AcceptShares::ofAll);
}

void TstAcceptShares::aFloodOfOneClientLeavesOthersTheirShare()
{
    AcceptShares shares;
    QCOMPARE(servedOf(shares, client(1), 500), AcceptShares::ofAll);
    QCOMPARE(servedOf(shares, client(2), 100), AcceptShares::few);
    QCOMPARE(servedOf(shares, client(1), 100), 0);
    QCOMPARE(servedOf(shares, client(3), 1), 1);
}

void TstAcceptShares::aNetworkIsOneClient()
{
    AcceptShares shares;
    QCOMPARE(servedOf(shares, QHostAddress(QStringLiteral("2001:db8::1")), 100),
             AcceptShares::ofAll);
    QVERIFY(!shares.serves(QHostAddress(QStringLiteral("2001:db8::2"))));
    QVERIFY(shares.serves(QHostAddress(QStringLiteral("2001:db8:0:1::2"))));
}

void TstAcceptShares::manyClientsWait()
{
    AcceptShares shares;
    for (int i = 0; i < AcceptShares::most; ++i) {
        QVERIFY(!shares.isSpent());
        QVERIFY(shares.serves(client(i)));
    }
    QVERIFY(shares.isSpent());
}

void TstAcceptShares::aFloodIsLookedAtForSoLongOnly()
{
    AcceptShares shares;
    int looks = 0;
    for (; !shares.isSpent(); ++looks)
        static_cast<void>(shares.serves(client(1)));
    QCOMPARE(looks, AcceptShares::looked);
}

void TstAcceptShares::peersWithoutAddressAreServed()
{
    AcceptShares shares;
    QCOMPARE(servedOf(shares, QHostAddress(), 500), AcceptShares::most);
}

QTEST_APPLESS_MAIN(TstAcceptShares)
#include "tst_acceptshares.moc"
