// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// What gets into the table of refusals, checked with a whole proxy.
#include "account/refusaltable.h"
#include "config/settings.h"
#include "server/proxyserver.h"

#include <QNetworkProxy>
#include <QTcpSocket>
#include <QTest>

using namespace sami;
using namespace sami::account;
using namespace sami::server;

class TestRefusals : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void onlyRulesRefuse_data();
    void onlyRulesRefuse();
    void whatIsOnlyReportedHasARowOfItsOwn();
    void reportsAreBoundedAndDriveNoRefusalOut();
};

void TestRefusals::onlyRulesRefuse_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<QByteArray>("status");
    QTest::addColumn<QByteArray>("reason");
    QTest::newRow("B§3: a page that is not there is no refusal")
        << QByteArray("GET /favicon.ico") << QByteArray("404") << QByteArray();
    QTest::newRow("B§3: a method that a page does not know is none")
        << QByteArray("DELETE /health") << QByteArray("405") << QByteArray();
    QTest::newRow("B§3: nor is a page") << QByteArray("GET /") << QByteArray("200") << QByteArray();
    QTest::newRow("B§2: a private target is one")
        << QByteArray("GET http://10.0.0.1/") << QByteArray("403") << QByteArray("private_target");
    QTest::newRow("B§2: a port that is not listed is one")
        << QByteArray("GET http://a:25/") << QByteArray("403") << QByteArray("port_not_listed");
}

void TestRefusals::onlyRulesRefuse()
{
    QFETCH(QByteArray, request);
    QFETCH(QByteArray, status);
    QFETCH(QByteArray, reason);
    config::Settings settings;
    settings.listen = { QHostAddress(QHostAddress::LocalHost), 0 };
    settings.limits.threads = 1;
    ProxyServer proxy;
    proxy.start(settings, &proxy, {});
    QVERIFY2(proxy.effective(), "it does not start");

    QTcpSocket client;
    client.setProxy(QNetworkProxy::NoProxy);
    client.connectToHost(proxy.effective()->listening.address, proxy.effective()->listening.port);
    client.write(request + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    QByteArray answer;
    QTRY_VERIFY((answer += client.readAll()).startsWith("HTTP/1.1 " + status));
    QTRY_VERIFY(!proxy.finishedWork().isEmpty());
    const QList<RefusalRow> rows = proxy.refusals();
    QCOMPARE(rows.size(), reason.isEmpty() ? 0 : 1);
    if (!rows.isEmpty())
        QCOMPARE(QByteArray(policy::toString(rows.first().reason)), reason);
}

/// Refused by another rule, so that the test dials nothing.
void TestRefusals::whatIsOnlyReportedHasARowOfItsOwn()
{
    config::Settings settings;
    settings.listen = { QHostAddress(QHostAddress::LocalHost), 0 };
    settings.limits.threads = 1;
    settings.access.allowedHosts = { policy::HostEntry::parse("@xai").value() };
    settings.access.hostsMode = policy::HostsMode::Report;
    ProxyServer proxy;
    proxy.start(settings, &proxy, {});
    QVERIFY(proxy.effective());

    QTcpSocket client;
    client.setProxy(QNetworkProxy::NoProxy);
    client.connectToHost(proxy.effective()->listening.address, proxy.effective()->listening.port);
    const QByteArray request = "GET http://a:25/ HTTP/1.1\r\nHost: a\r\n\r\n";
    client.write(request + request);
    QTRY_COMPARE(proxy.finishedWork().size(), 2);
    const QList<RefusalRow> rows = proxy.refusals();
    QCOMPARE(rows.size(), 2);
    QCOMPARE(rows.first().reason, policy::Refusal::PortNotListed);
    QVERIFY(!rows.first().isReported);
    QCOMPARE(rows.last().reason, policy::Refusal::HostNotListed);
    QVERIFY(rows.last().isReported);
    QCOMPARE(rows.last().count, 2u);
    QCOMPARE(rows.last().destination, (Endpoint { "a", 25 }));
    QCOMPARE(proxy.totals().refused, 2u);
    QCOMPARE(proxy.finishedWork().first().wouldRefuse, policy::Refusal::HostNotListed);
}

void TestRefusals::reportsAreBoundedAndDriveNoRefusalOut()
{
    RefusalTable refusals;
    RefusalTable reports(RefusalTable::Holds::Reports);
    const QHostAddress client(QHostAddress::LocalHost);
    const WallTime now = WallClock::now();
    const auto rule = policy::Refusal::HostNotListed;
    refusals.refused({ client, { "refused", 443 }, rule, now });
    for (int i = 0; i < 3 * RefusalTable::capacity; ++i) {
        reports.refused({ client,
                          { "h" + QByteArray::number(i), 443 },
                          rule,
                          now + std::chrono::seconds(i),
                          true });
    }
    QCOMPARE(reports.rows().size(), RefusalTable::capacity);
    QCOMPARE(refusals.rows().size(), 1);
    QVERIFY(!refusals.rows().first().isReported);
    for (const RefusalRow &row : reports.rows())
        QVERIFY(row.isReported);
}

QTEST_GUILESS_MAIN(TestRefusals)
#include "tst_refusals.moc"
