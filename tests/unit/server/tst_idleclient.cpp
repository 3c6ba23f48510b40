// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Races at the end of an idle client connection: a request that is already in the socket when time
// is up, and clients that reuse it at the last announced moment.
#include "config/settings.h"
#include "rawpeer.h"
#include "server/clientsession.h"
#include "server/firstoctets.h"
#include "server/proxyserver.h"

#include <QAbstractEventDispatcher>
#include <QNetworkProxy>
#include <QTcpSocket>
#include <QTest>
#include <QThread>
#include <QTimerEvent>

#include <memory>
#include <vector>

using namespace sami;
using namespace sami::server;
using namespace std::chrono_literals;

namespace {

constexpr auto limit = 50ms;

config::Settings quickSettings()
{
    config::Settings settings;
    settings.listen = { QHostAddress(QHostAddress::LocalHost), 0 };
    settings.limits.threads = 1;
    settings.timeouts.header = limit;
    settings.timeouts.keepAlive = limit;
    return settings;
}

/// One session whose thread is the test: nothing runs unless the test lets it.
class SessionRig
{
public:
    explicit SessionRig(bool portable)
        : m_shared(ActiveSettings { {}, policy::AccessPolicy({}, {}), nullptr, {}, 1, {} },
                   bounds(), "sami-00000000", Clock::now())
    {
        auto [stream, end] = test::makePair(portable);
        peer = std::move(end);
        m_shared.places.setLimits({ 10, 0 });
        const config::Settings settings = quickSettings();
        m_context.shared = &m_shared;
        m_context.active = std::make_shared<const ActiveSettings>(
            ActiveSettings { settings, policy::AccessPolicy(settings.access), nullptr, {}, 1, {} });
        m_context.pool = &m_pool;
        auto record = m_shared.books.registry.add(stream->peerAddress(), Clock::now());
        auto place = m_shared.places.take(record->client().address);
        session = std::make_unique<ClientSession>(std::move(stream), std::move(record),
                                                  std::move(place), m_context, FirstOctets::make,
                                                  [this] { isClosed = true; });
        session->start();
    }

    /// As if the event loop had been busy until now: the timer fires first.
    void expire()
    {
        QThread::msleep(2 * limit.count());
        const auto timers = QAbstractEventDispatcher::instance()->registeredTimers(session.get());
        QCOMPARE(timers.size(), 1);
        QTimerEvent event(timers.constFirst().timerId);
        QCoreApplication::sendEvent(session.get(), &event);
    }

    void drain()
    {
        m_shared.draining.store(true);
        session->drain();
    }

private:
    static MachineBounds bounds()
    {
        MachineBounds bounds;
        bounds.connections = 10;
        bounds.keptInputBytes = bounds.tlsLegBytes = 1 << 20;
        return bounds;
    }

    SharedState m_shared;
    route::UpstreamPool m_pool;
    WorkerContext m_context;

public:
    std::unique_ptr<test::RawPeer> peer;
    std::unique_ptr<ClientSession> session; ///< declared after what it borrows
    bool isClosed = false;
};

const QByteArray page = "GET /health HTTP/1.1\r\nHost: a\r\n\r\n";

void addKinds(const char *name, const QByteArray &octets, const QByteArray &answer)
{
    QTest::addRow("%s, on a descriptor", name) << false << octets << answer;
    QTest::addRow("%s, on Qt's socket", name) << true << octets << answer;
}

void addColumns()
{
    QTest::addColumn<bool>("portable");
    QTest::addColumn<QByteArray>("octets");
    QTest::addColumn<QByteArray>("answer"); ///< how it begins; empty: closed without a word
}

} // namespace

class TestIdleClient : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theTimeIsOver_data();
    void theTimeIsOver();
    void theEndCrossesTheNextRequest_data();
    void theEndCrossesTheNextRequest();
    void aStopBegins_data();
    void aStopBegins();
    void whoKeepsToTheToldTimeLosesNothing();
};

void TestIdleClient::theTimeIsOver_data()
{
    addColumns();
    addKinds("B§6: a request that is in the socket when the idle time is over is answered", page,
             "HTTP/1.1 200");
    addKinds("B§6: a half of one gets the time of a head", page.first(9), "HTTP/1.1 408");
    addKinds("B§6: an empty line before it too, once", "\r\n", {});
    addKinds("B§6: nothing there: closed without a word", {}, {});
}

void TestIdleClient::theTimeIsOver()
{
    QFETCH(bool, portable);
    QFETCH(QByteArray, octets);
    QFETCH(QByteArray, answer);
    SessionRig rig(portable);
    rig.peer->send(octets);
    rig.expire();
    QCOMPARE(rig.isClosed, octets.isEmpty());
    if (answer.isEmpty()) {
        QTRY_VERIFY(rig.peer->sawFin);
        QCOMPARE(rig.peer->received, QByteArray());
        return;
    }
    QTRY_VERIFY2(rig.peer->received.startsWith(answer), rig.peer->received.constData());
}

void TestIdleClient::theEndCrossesTheNextRequest_data()
{
    QTest::addColumn<bool>("portable");
    QTest::addColumn<bool>("isStop");
    for (const bool portable : { false, true }) {
        const char *where = portable ? "on Qt's socket" : "on a descriptor";
        QTest::addRow("B§6: the idle time is over, %s", where) << portable << false;
        QTest::addRow("B§6: a stop begins, %s", where) << portable << true;
    }
}

/// Neither answered nor reset: FIN, and time to see it.
void TestIdleClient::theEndCrossesTheNextRequest()
{
    QFETCH(bool, portable);
    QFETCH(bool, isStop);
    SessionRig rig(portable);
    rig.peer->send(page);
    QTRY_VERIFY(rig.peer->received.contains("\r\n\r\n"));
    rig.peer->received.clear();
    if (isStop)
        rig.drain();
    QTRY_VERIFY(rig.peer->sawFin); // or by itself, soon
    QVERIFY(!rig.isClosed);
    rig.peer->send(page);
    QTRY_COMPARE(rig.peer->undelivered(), 0);
    QVERIFY(!rig.peer->wasReset());
    QCOMPARE(rig.peer->received, QByteArray());
    rig.peer->close();
    QTRY_VERIFY(rig.isClosed);
}

void TestIdleClient::aStopBegins_data()
{
    addColumns();
    addKinds("B§6: a request that is in the socket when a stop begins gets its page", page,
             "HTTP/1.1 503");
    addKinds("B§6: so does one whose second half is under way", page.first(9), "HTTP/1.1 408");
}

void TestIdleClient::aStopBegins()
{
    QFETCH(bool, portable);
    QFETCH(QByteArray, octets);
    QFETCH(QByteArray, answer);
    SessionRig rig(portable);
    // The first request is done, so the connection is idle from here on.
    rig.peer->send(page);
    QTRY_VERIFY(rig.peer->received.contains("\r\n\r\n"));
    rig.peer->received.clear();
    rig.peer->send(octets);
    rig.drain();
    QVERIFY(!rig.isClosed);
    QTRY_VERIFY2(rig.peer->received.startsWith(answer), rig.peer->received.constData());
}

/// Sends POSTs that are refused, which keeps the connection and needs no origin.
void TestIdleClient::whoKeepsToTheToldTimeLosesNothing()
{
    config::Settings settings = quickSettings();
    settings.timeouts.header = 30s;
    settings.timeouts.keepAlive = 2s;
    ProxyServer proxy;
    proxy.start(settings, &proxy, {});
    QVERIFY2(proxy.effective(), "it does not start");
    const QByteArray post = "POST http://10.0.0.1/ HTTP/1.1\r\nHost: 10.0.0.1\r\n"
                            "Content-Length: 2\r\n\r\nok";
    std::vector<std::unique_ptr<QTcpSocket>> clients;
    for (int i = 0; i < 24; ++i) {
        auto &client = clients.emplace_back(std::make_unique<QTcpSocket>());
        client->setProxy(QNetworkProxy::NoProxy);
        client->connectToHost(proxy.effective()->listening.address,
                              proxy.effective()->listening.port);
        client->write(post);
    }
    int lost = 0;
    for (const auto &client : clients) {
        QByteArray answer;
        QTRY_VERIFY((answer += client->readAll()).contains("ALLOW_PRIVATE_TARGETS"));
        QVERIFY2(answer.contains("\r\nConnection: keep-alive\r\nKeep-Alive: timeout=1\r\n"),
                 answer.constData());
    }
    QTest::qWait(1000);
    for (const auto &client : clients)
        client->write(post);
    for (const auto &client : clients) {
        const bool isAnswered =
            QTest::qWaitFor([&client] { return client->bytesAvailable() > 0; }, 5000);
        lost += isAnswered ? 0 : 1;
    }
    QCOMPARE(lost, 0);
}

QTEST_GUILESS_MAIN(TestIdleClient)
#include "tst_idleclient.moc"
