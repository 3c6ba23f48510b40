// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Data that arrived over an upstream connection during its setup. A tunnel's client must get it,
// but it cannot be the answer to a request that was not sent yet.
#include "../../fuzz/fakewire.h"
#include "server/clientsession.h"
#include "server/httpfront.h"
#include "serverrig.h"

#include <QCoreApplication>
#include <QTest>

#include <memory>

using namespace sami;
using namespace sami::server;
using fuzzing::FakeDialer;
using fuzzing::FakeStream;
using fuzzing::Wire;
using fuzzing::WirePtr;

class TestEarlyOctets : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void goWhereTheyBelong_data();
    void goWhereTheyBelong();
};

void TestEarlyOctets::goWhereTheyBelong_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<QByteArray>("early");
    QTest::addColumn<QByteArray>("answer"); ///< its beginning
    QTest::addColumn<quint64>("counted");
    const QByteArray connect = "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n";
    const QByteArray get = "GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n";
    QTest::newRow("a tunnel's client gets them first, and they count")
        << connect << QByteArray("220 hello")
        << QByteArray("HTTP/1.1 200 Connection established\r\n\r\n220 hello") << quint64(9);
    QTest::newRow("a tunnel without any")
        << connect << QByteArray() << QByteArray("HTTP/1.1 200 Connection established\r\n\r\n")
        << quint64(0);
    QTest::newRow("a forwarded request is not sent after them")
        << get << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        << QByteArray("HTTP/1.1 502 ") << quint64(0);
}

void TestEarlyOctets::goWhereTheyBelong()
{
    QFETCH(QByteArray, request);
    QFETCH(QByteArray, early);
    QFETCH(QByteArray, answer);
    QFETCH(quint64, counted);
    rig::Proxy proxy;
    const auto dialer = std::make_shared<FakeDialer>();
    dialer->resolved = QHostAddress(0x08080808);
    dialer->isForTunnel = [] { return true; };
    dialer->early = early;
    proxy.active.dialer = dialer;
    proxy.shared.places.setLimits({ 10, 0 });
    route::UpstreamPool pool;
    const WorkerContext context { &proxy.shared,
                                  std::make_shared<const ActiveSettings>(proxy.active), &pool };
    const WirePtr client = std::make_shared<Wire>();
    net::StreamPtr stream(new FakeStream(client, proxy.shared.budgets));
    auto row = proxy.shared.books.registry.add(stream->peerAddress(), Clock::now());
    account::ConnectionRecord *record = &*row;
    auto session = std::make_unique<ClientSession>(
        std::move(stream), std::move(row), proxy.shared.places.take(record->client().address),
        context, HttpFront::make, [] {});
    session->start();
    client->sent = request;
    for (int turns = 0; turns < 20; ++turns) {
        QCoreApplication::sendPostedEvents();
        if (client->stream)
            client->stream->turn();
    }
    QCOMPARE(client->accepted.first(std::min(answer.size(), client->accepted.size())), answer);
    QCOMPARE(record->traffic.down(), counted);
    QCOMPARE(dialer->wires.size(), size_t(1));
    QVERIFY(dialer->wires.front()->accepted.isEmpty());
}

QTEST_GUILESS_MAIN(TestEarlyOctets)
#include "tst_earlyoctets.moc"
