// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/effectivelimits.h"

#include <QTest>

using namespace sami;
using namespace sami::server;

class TstEffectiveLimits : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void threads_data();
    void threads();
    void places_data();
    void places();
};

void TstEffectiveLimits::threads_data()
{
    QTest::addColumn<int>("wanted");
    QTest::addColumn<int>("cores");
    QTest::addColumn<int>("threads");
    QTest::newRow("one a core") << 0 << 4 << 4;
    QTest::newRow("no more than eight by themselves") << 0 << 64 << 8;
    QTest::newRow("what was asked for") << 3 << 64 << 3;
    QTest::newRow("more than cores, because it was asked for") << 16 << 2 << 16;
}

void TstEffectiveLimits::threads()
{
    QFETCH(const int, wanted);
    QFETCH(const int, cores);
    QTEST(EffectiveLimits::threads(wanted, cores), "threads");
}

void TstEffectiveLimits::places_data()
{
    QTest::addColumn<int>("wanted");
    QTest::addColumn<qint64>("possible");
    QTest::addColumn<int>("all");
    QTest::newRow("the machine allows more") << 1000 << qint64(5000) << 1000;
    QTest::newRow("the machine allows just that") << 1000 << qint64(1000) << 1000;
    QTest::newRow("the machine allows less") << 1000 << qint64(200) << 200;
    QTest::newRow("the machine knows no limit")
        << 1000 << std::numeric_limits<qint64>::max() << 1000;
}

void TstEffectiveLimits::places()
{
    QFETCH(const int, wanted);
    QFETCH(const qint64, possible);
    config::LimitSettings limits;
    limits.maxConnections = wanted;
    limits.maxConnectionsPerClient = 7;
    const PlaceLimits places = EffectiveLimits::places(limits, possible);
    QTEST(places.all, "all");
    QVERIFY2(places.perClient == 7, "a client's limit is nobody's but the operator's");
}

QTEST_APPLESS_MAIN(TstEffectiveLimits)
#include "tst_effectivelimits.moc"
