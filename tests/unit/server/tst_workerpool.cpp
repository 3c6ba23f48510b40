// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// What an accepted connection counts for, and that no way to its end leaves anything behind.
#include "net/tcpoptions.h"
#include "server/reception.h"
#include "server/workerpool.h"
#include "serverrig.h"

#include <QNetworkProxy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

#include <algorithm>
#include <atomic>
#include <memory>
#include <utility>
#include <vector>

using namespace sami;
using namespace sami::server;

namespace {

const QHostAddress here(QHostAddress::LocalHost);
constexpr int workerCount = 2;

/// Connects clients and keeps the other ends, as a door does.
class Street : public QTcpServer
{
public:
    Street()
    {
        setProxy(QNetworkProxy::NoProxy);
        if (!listen(here))
            qFatal("cannot listen");
    }

    [[nodiscard]] Arrival arrive()
    {
        auto &client = clients.emplace_back(std::make_unique<QTcpSocket>());
        client->setProxy(QNetworkProxy::NoProxy);
        client->connectToHost(here, serverPort());
        if (!client->waitForConnected(5000) || !waitForNewConnection(5000))
            qFatal("no connection");
        return { std::move(m_accepted), { here, client->localPort() }, proxyDoor() };
    }
    [[nodiscard]] bool areAllClosed() const
    {
        return std::all_of(clients.begin(), clients.end(), [](const auto &client) {
            return client->state() == QAbstractSocket::UnconnectedState;
        });
    }

    std::vector<std::unique_ptr<QTcpSocket>> clients;

protected:
    void incomingConnection(qintptr descriptor) override
    {
        m_accepted = net::Descriptor(descriptor);
    }

private:
    net::Descriptor m_accepted;
};

class Rig
{
public:
    Rig() { shared().places.setLimits({ 100, 0 }); }

    [[nodiscard]] SharedState &shared() { return m_proxy.shared; }
    [[nodiscard]] Places &places() { return m_proxy.shared.places; }
    void receive(Arrival arrival) { receiveConnection(std::move(arrival), shared(), *pool); }
    /// The held places, the sum over the workers, and the rows, if they agree; otherwise -1.
    [[nodiscard]] int held()
    {
        int ofWorkers = 0;
        for (int i = 0; i < workerCount; ++i)
            ofWorkers += places().heldOf(i);
        return places().load().held == ofWorkers ? ofWorkers : -1;
    }
    [[nodiscard]] int rows() { return int(shared().books.registry.totals().live); }
    /// Ends the threads as if something had failed: dispatched work stays where it is.
    [[nodiscard]] bool endThreads()
    {
        std::atomic<int> ended { 0 };
        pool->forEach([&ended](Worker &worker) {
            QObject::connect(
                worker.thread(), &QThread::finished, &worker, [&ended] { ++ended; },
                Qt::DirectConnection);
            worker.thread()->quit();
        });
        return QTest::qWaitFor([&ended] { return ended == workerCount; }, 5000);
    }

private:
    rig::Proxy m_proxy;

public:
    Street street;
    std::unique_ptr<WorkerPool> pool = std::make_unique<WorkerPool>(
        workerCount, m_proxy.shared, std::make_shared<const ActiveSettings>(m_proxy.active));
};

} // namespace

class TestWorkerPool : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aConnectionCountsUntilItsClientIsGone();
    void whoIsCutCountsNoMore();
    void whoIsGoneBeforeItsSessionCountsNoMore();
    void whoIsTurnedAwayCountsNowhere();
    void whatIsDispatchedWhenThePoolEndsCountsNoMore();
    void whatNoThreadTakesCountsNoMore();
};

void TestWorkerPool::aConnectionCountsUntilItsClientIsGone()
{
    Rig rig;
    for (int i = 0; i < 3; ++i)
        rig.receive(rig.street.arrive());
    QCOMPARE(rig.held(), 3);
    QTRY_COMPARE(rig.rows(), 3);
    rig.street.clients.pop_back();
    QTRY_COMPARE(rig.held(), 2);
    QTRY_COMPARE(rig.rows(), 2);
    rig.street.clients.clear();
    QTRY_COMPARE(rig.held(), 0);
    QTRY_COMPARE(rig.rows(), 0);
    QCOMPARE(rig.shared().books.registry.totals().connections, 3ULL);
}

void TestWorkerPool::whoIsCutCountsNoMore()
{
    Rig rig;
    for (int i = 0; i < 3; ++i)
        rig.receive(rig.street.arrive());
    QTRY_COMPARE(rig.rows(), 3);
    rig.pool->forEach([](Worker &worker) { worker.cut(account::EndedHow::Closed); });
    QTRY_COMPARE(rig.held(), 0);
    QTRY_COMPARE(rig.rows(), 0);
    QTRY_VERIFY(rig.street.areAllClosed());
}

void TestWorkerPool::whoIsGoneBeforeItsSessionCountsNoMore()
{
    Rig rig;
    Arrival arrival = rig.street.arrive();
    net::setResetOnClose(rig.street.clients.front()->socketDescriptor());
    rig.street.clients.clear();
    rig.receive(std::move(arrival));
    QTRY_COMPARE(rig.held(), 0);
    QCOMPARE(rig.rows(), 0);
    QTRY_COMPARE(rig.shared().books.finished->total(), 1ULL);
    const account::Ending ending = rig.shared().books.finished->recent().constFirst().ending;
    QVERIFY(ending.by == account::EndedBy::Client && ending.how == account::EndedHow::Reset);
}

void TestWorkerPool::whoIsTurnedAwayCountsNowhere()
{
    Rig rig;
    rig.places().setLimits({ 0, 0 });
    std::vector<Places::Place> heard;
    for (int i = 0; i < Places::maxHeardPerClient; ++i)
        heard.push_back(rig.places().take(here));
    QCOMPARE(rig.held(), Places::maxHeardPerClient);
    rig.receive(rig.street.arrive());
    QCOMPARE(rig.held(), Places::maxHeardPerClient);
    QCOMPARE(rig.rows(), 0);
    QTRY_VERIFY(rig.street.areAllClosed());
    QVERIFY(rig.street.clients.front()->readAll().startsWith("HTTP/1.1 503"));
    heard.clear();
    QCOMPARE(rig.held(), 0);
}

void TestWorkerPool::whatIsDispatchedWhenThePoolEndsCountsNoMore()
{
    Rig rig;
    for (int i = 0; i < 8; ++i)
        rig.receive(rig.street.arrive());
    QCOMPARE(rig.held(), 8);
    rig.pool.reset();
    QCOMPARE(rig.held(), 0);
    QCOMPARE(rig.rows(), 0);
    QTRY_VERIFY(rig.street.areAllClosed());
}

void TestWorkerPool::whatNoThreadTakesCountsNoMore()
{
    Rig rig;
    QVERIFY(rig.endThreads());
    for (int i = 0; i < 8; ++i)
        rig.receive(rig.street.arrive());
    QCOMPARE(rig.held(), 8);
    rig.pool.reset();
    QCOMPARE(rig.held(), 0);
    QCOMPARE(rig.rows(), 0);
    QTRY_VERIFY(rig.street.areAllClosed());
}

QTEST_GUILESS_MAIN(TestWorkerPool)
#include "tst_workerpool.moc"
