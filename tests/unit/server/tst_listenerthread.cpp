// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/listenerthread.h"

#include <QSemaphore>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

#include <atomic>

using namespace sami;
using namespace sami::server;

namespace {

const QHostAddress here(QHostAddress::LocalHost);
const QHostAddress there(QStringLiteral("127.0.0.2"));

/// A listener whose acceptor notes which rules were in force when it was called.
struct Fixture
{
    Fixture()
    {
        listener.setAcceptor([this](qintptr descriptor, const SocketAddress &) {
            QTcpSocket closes;
            closes.setSocketDescriptor(descriptor);
            lastRules = rules.load();
            accepted.release();
        });
    }
    [[nodiscard]] SocketAddress at(const QHostAddress &address) const
    {
        return { address, listener.where().port };
    }

    std::atomic<int> rules { 1 };
    std::atomic<int> lastRules { 0 };
    QSemaphore accepted;
    ListenerThread listener { config::Backend::Native };
};

/// Whether somebody listens there: the kernel takes the connection, accepted or not.
bool isReachable(const SocketAddress &where)
{
    QTcpSocket client;
    client.connectToHost(where.address, where.port);
    return client.waitForConnected(2000);
}

constexpr int soon = 5000;
constexpr int never = 50;

} // namespace

class TestListenerThread : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void acceptsNothingBeforeItIsOpened();
    void acceptsByTheRulesOfOpening_data();
    void acceptsByTheRulesOfOpening();
    void anotherPortGoesOnUntilOpening();
    void failureLeavesWhatWasOpen_data();
    void failureLeavesWhatWasOpen();
    void failureLeavesWhatWasPrepared();
    void whatIsNotOpenedIsClosed();
    void openingTwiceChangesNothing();
};

void TestListenerThread::acceptsNothingBeforeItIsOpened()
{
    Fixture fixture;
    QVERIFY(fixture.listener.prepare({ here, 0 }));
    QVERIFY(fixture.listener.where().port != 0);
    QVERIFY(isReachable(fixture.at(here)));
    QVERIFY(!fixture.accepted.tryAcquire(1, never));
    fixture.listener.open();
    QVERIFY(fixture.accepted.tryAcquire(1, soon)); // it has waited in the backlog
}

void TestListenerThread::acceptsByTheRulesOfOpening_data()
{
    QTest::addColumn<bool>("samePort");
    QTest::newRow("another address at the same port") << true;
    QTest::newRow("another address and port") << false;
}

void TestListenerThread::acceptsByTheRulesOfOpening()
{
    QFETCH(bool, samePort);
    Fixture fixture;
    QVERIFY(fixture.listener.prepare({ here, 0 }));
    fixture.listener.open();
    const quint16 port = samePort ? fixture.listener.where().port : 0;
    QVERIFY(fixture.listener.prepare({ there, port }));
    QVERIFY(isReachable(fixture.at(there)));
    QVERIFY(!fixture.accepted.tryAcquire(1, never));
    fixture.rules = 2;
    fixture.listener.open();
    QVERIFY(fixture.accepted.tryAcquire(1, soon));
    QCOMPARE(fixture.lastRules.load(), 2);
    QVERIFY(!isReachable(fixture.at(here)));
}

void TestListenerThread::anotherPortGoesOnUntilOpening()
{
    Fixture fixture;
    QVERIFY(fixture.listener.prepare({ here, 0 }));
    fixture.listener.open();
    const SocketAddress before = fixture.listener.where();
    QVERIFY(fixture.listener.prepare({ here, 0 }));
    QVERIFY(fixture.listener.where().port != before.port);
    QVERIFY(isReachable(before));
    QVERIFY(fixture.accepted.tryAcquire(1, soon));
    fixture.listener.open();
    QVERIFY(!isReachable(before));
}

void TestListenerThread::failureLeavesWhatWasOpen_data()
{
    QTest::addColumn<QHostAddress>("address");
    QTest::addColumn<bool>("samePort");
    QTest::newRow("no address of ours, the same port")
        << QHostAddress(QStringLiteral("203.0.113.7")) << true;
    QTest::newRow("a port in use") << here << false;
}

void TestListenerThread::failureLeavesWhatWasOpen()
{
    QFETCH(QHostAddress, address);
    QFETCH(bool, samePort);
    QTcpServer busy;
    QVERIFY(busy.listen(here));
    Fixture fixture;
    QVERIFY(fixture.listener.prepare({ here, 0 }));
    fixture.listener.open();
    const SocketAddress before = fixture.listener.where();
    QVERIFY(!fixture.listener.prepare({ address, samePort ? before.port : busy.serverPort() }));
    QCOMPARE(fixture.listener.where(), before);
    QVERIFY(isReachable(before));
    QVERIFY(fixture.accepted.tryAcquire(1, soon));
}

void TestListenerThread::failureLeavesWhatWasPrepared()
{
    Fixture fixture;
    QVERIFY(fixture.listener.prepare({ here, 0 }));
    const SocketAddress before = fixture.listener.where();
    QVERIFY(
        !fixture.listener.prepare({ QHostAddress(QStringLiteral("203.0.113.7")), before.port }));
    QCOMPARE(fixture.listener.where(), before);
    QVERIFY(isReachable(before));
    QVERIFY(!fixture.accepted.tryAcquire(1, never));
    fixture.listener.open();
    QVERIFY(fixture.accepted.tryAcquire(1, soon));
}

void TestListenerThread::whatIsNotOpenedIsClosed()
{
    SocketAddress first;
    SocketAddress second;
    {
        Fixture fixture;
        QVERIFY(fixture.listener.prepare({ here, 0 }));
        first = fixture.listener.where();
        QVERIFY(fixture.listener.prepare({ here, 0 }));
        second = fixture.listener.where();
        QVERIFY(!isReachable(first));
        QVERIFY(isReachable(second));
    }
    QVERIFY(!isReachable(second));
}

void TestListenerThread::openingTwiceChangesNothing()
{
    Fixture fixture;
    fixture.listener.open(); // nothing is prepared
    QVERIFY(fixture.listener.prepare({ here, 0 }));
    fixture.listener.open();
    fixture.listener.open();
    QVERIFY(isReachable(fixture.listener.where()));
    QVERIFY(fixture.accepted.tryAcquire(1, soon));
}

QTEST_GUILESS_MAIN(TestListenerThread)
#include "tst_listenerthread.moc"
