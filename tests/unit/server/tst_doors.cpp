// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/doors.h"

#include <QFile>
#include <QNetworkProxy>
#include <QSemaphore>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>
#include <QtEndian>

#include <atomic>
#include <utility>

#if defined(Q_OS_UNIX)
#include <fcntl.h>
#include <unistd.h>
#endif

using namespace sami;
using namespace sami::server;

namespace {

const QHostAddress here(QHostAddress::LocalHost);
const QHostAddress there(QStringLiteral("127.0.0.2"));
const QHostAddress everywhere(QHostAddress::AnyIPv4);
const QHostAddress nowhere(QStringLiteral("203.0.113.7")); // no address of ours

DoorSpec proxyAt(const QHostAddress &address, quint16 port = 0)
{
    return { proxyDoor(), address, port };
}

/// The second door of a list.
DoorSpec otherAt(const QHostAddress &address, quint16 port = 0)
{
    return { "other", address, port };
}

constexpr int unknown = -1;

/// Doors whose acceptor records which rules were in force for its call, and for which door.
struct Fixture
{
    Fixture()
    {
        doors.setAcceptor([this](const Arrival &arrival) {
            lastRules = rules.load();
            isOther = arrival.door == "other";
            keepalive = arrival.keepaliveSeconds.value_or(unknown);
            accepted.release();
        });
    }
    [[nodiscard]] bool prepare(const QHostAddress &address, quint16 port = 0)
    {
        return doors.prepare({ proxyAt(address, port) }).has_value();
    }
    [[nodiscard]] SocketAddress where() const { return doors.where(proxyDoor()); }
    [[nodiscard]] SocketAddress other() const { return doors.where("other"); }

    std::atomic<int> rules { 1 };
    std::atomic<int> lastRules { 0 };
    std::atomic<bool> isOther { false };
    std::atomic<int> keepalive { 0 }; ///< of the last arrival
    QSemaphore accepted;
    Doors doors { config::Backend::Native };
};

/// Whether somebody listens there: the kernel completes the connection, accepted or not.
bool isReachable(const SocketAddress &where)
{
    QTcpSocket client;
    client.setProxy(QNetworkProxy::NoProxy);
    client.connectToHost(where.address, where.port);
    return client.waitForConnected(2000);
}

/// The inode of the socket that listens there. Empty where the kernel does not say.
QByteArray socketAt(const SocketAddress &where)
{
    QFile table(QStringLiteral("/proc/self/net/tcp"));
    if (!table.open(QIODevice::ReadOnly))
        return {};
    const quint32 asStored = qToBigEndian(where.address.toIPv4Address());
    const QByteArray local = QByteArray::number(asStored, 16).rightJustified(8, '0') + ':'
        + QByteArray::number(where.port, 16).rightJustified(4, '0');
    const QByteArrayList lines = table.readAll().split('\n');
    for (const QByteArray &line : lines) {
        const QByteArrayList fields = line.simplified().split(' ');
        if (fields.size() > 9 && fields.at(1).toLower() == local && fields.at(3) == "0A")
            return fields.at(9);
    }
    return {};
}

constexpr int soon = 5000;
constexpr int never = 50;

} // namespace

class TestDoors : public QObject
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
    void failureLeavesWhatWasPreparedBesideAnOpenDoor();
    void whatIsNotOpenedIsClosed();
    void openingTwiceChangesNothing();
    void eachDoorIsNamed();
    void allOrNothing_data();
    void allOrNothing();
    void anUnchangedDoorKeepsItsSocket_data();
    void anUnchangedDoorKeepsItsSocket();
    void whatIsAskedForAgainStays();
    void anotherKindIsAnotherDoor();
    void anInheritedSocketKeepsItsBacklog();
    void anInheritedSocketThatDoesNotFitIsClosed_data();
    void anInheritedSocketThatDoesNotFitIsClosed();
    void tellsTheKeepaliveOfArrivals();
};

void TestDoors::acceptsNothingBeforeItIsOpened()
{
    Fixture fixture;
    QVERIFY(fixture.prepare(here));
    QVERIFY(fixture.where().port != 0);
    QVERIFY(isReachable(fixture.where()));
    QVERIFY(!fixture.accepted.tryAcquire(1, never));
    fixture.doors.commit();
    QVERIFY(fixture.accepted.tryAcquire(1, soon)); // it has waited in the backlog
}

void TestDoors::acceptsByTheRulesOfOpening_data()
{
    QTest::addColumn<QHostAddress>("address");
    QTest::addColumn<bool>("samePort");
    QTest::newRow("another address at the same port") << there << true;
    QTest::newRow("all addresses at the same port") << everywhere << true;
    QTest::newRow("another address and port") << there << false;
}

void TestDoors::acceptsByTheRulesOfOpening()
{
    QFETCH(QHostAddress, address);
    QFETCH(bool, samePort);
    Fixture fixture;
    QVERIFY(fixture.prepare(here));
    fixture.doors.commit();
    const SocketAddress before = fixture.where();
    QVERIFY(fixture.prepare(address, samePort ? before.port : 0));
    QVERIFY(isReachable({ there, fixture.where().port }));
    QVERIFY(!fixture.accepted.tryAcquire(1, never));
    fixture.rules = 2;
    fixture.doors.commit();
    QVERIFY(fixture.accepted.tryAcquire(1, soon));
    QCOMPARE(fixture.lastRules.load(), 2);
    QCOMPARE(isReachable(before), address == everywhere);
}

void TestDoors::anotherPortGoesOnUntilOpening()
{
    Fixture fixture;
    QVERIFY(fixture.prepare(here));
    fixture.doors.commit();
    const SocketAddress before = fixture.where();
    QVERIFY(fixture.prepare(there));
    QVERIFY(fixture.where().port != before.port);
    QVERIFY(isReachable(before));
    QVERIFY(fixture.accepted.tryAcquire(1, soon));
    fixture.doors.commit();
    QVERIFY(!isReachable(before));
}

void TestDoors::failureLeavesWhatWasOpen_data()
{
    QTest::addColumn<QHostAddress>("address");
    QTest::addColumn<bool>("samePort");
    QTest::newRow("no address of ours, the same port") << nowhere << true;
    QTest::newRow("a port in use") << here << false;
}

void TestDoors::failureLeavesWhatWasOpen()
{
    QFETCH(QHostAddress, address);
    QFETCH(bool, samePort);
    QTcpServer busy;
    QVERIFY(busy.listen(here));
    Fixture fixture;
    QVERIFY(fixture.prepare(here));
    fixture.doors.commit();
    const SocketAddress before = fixture.where();
    QVERIFY(!fixture.prepare(address, samePort ? before.port : busy.serverPort()));
    QCOMPARE(fixture.where(), before);
    QVERIFY(isReachable(before));
    QVERIFY(fixture.accepted.tryAcquire(1, soon));
}

void TestDoors::failureLeavesWhatWasPrepared()
{
    Fixture fixture;
    QVERIFY(fixture.prepare(here));
    const SocketAddress before = fixture.where();
    QVERIFY(!fixture.prepare(nowhere, before.port));
    QCOMPARE(fixture.where(), before);
    QVERIFY(isReachable(before));
    QVERIFY(!fixture.accepted.tryAcquire(1, never));
    fixture.doors.commit();
    QVERIFY(fixture.accepted.tryAcquire(1, soon));
}

void TestDoors::failureLeavesWhatWasPreparedBesideAnOpenDoor()
{
    Fixture fixture;
    QVERIFY(fixture.prepare(here));
    fixture.doors.commit();
    QVERIFY(fixture.prepare(there));
    const SocketAddress prepared = fixture.where();
    QVERIFY(!fixture.prepare(nowhere, prepared.port));
    QCOMPARE(fixture.where(), prepared);
    QVERIFY(isReachable(prepared));
    QVERIFY(!fixture.accepted.tryAcquire(1, never));
    fixture.doors.commit();
    QVERIFY(fixture.accepted.tryAcquire(1, soon));
}

void TestDoors::whatIsNotOpenedIsClosed()
{
    SocketAddress first;
    SocketAddress second;
    {
        Fixture fixture;
        QVERIFY(fixture.prepare(here));
        first = fixture.where();
        QVERIFY(fixture.prepare(there));
        second = fixture.where();
        QVERIFY(!isReachable(first));
        QVERIFY(isReachable(second));
    }
    QVERIFY(!isReachable(second));
}

void TestDoors::openingTwiceChangesNothing()
{
    Fixture fixture;
    fixture.doors.commit(); // nothing is prepared
    QVERIFY(fixture.prepare(here));
    fixture.doors.commit();
    fixture.doors.commit();
    QVERIFY(isReachable(fixture.where()));
    QVERIFY(fixture.accepted.tryAcquire(1, soon));
}

void TestDoors::eachDoorIsNamed()
{
    Fixture fixture;
    QVERIFY(fixture.doors.prepare({ proxyAt(here), otherAt(here) }));
    fixture.doors.commit();
    const SocketAddress proxy = fixture.where();
    const SocketAddress other = fixture.other();
    QVERIFY(isReachable(other));
    QVERIFY(fixture.accepted.tryAcquire(1, soon));
    QVERIFY(fixture.isOther);
    QVERIFY(isReachable(proxy));
    QVERIFY(fixture.accepted.tryAcquire(1, soon));
    QVERIFY(!fixture.isOther);

    QVERIFY(fixture.prepare(here, proxy.port));
    QCOMPARE(fixture.other(), SocketAddress());
    QVERIFY2(isReachable(other), "it goes on until then");
    fixture.doors.commit();
    QVERIFY(!isReachable(other));
    QVERIFY(isReachable(proxy));
}

void TestDoors::allOrNothing_data()
{
    QTest::addColumn<bool>("wasOpen");
    QTest::addColumn<bool>("movesTheFirst");
    QTest::newRow("the second cannot be had, the first is new too") << true << false;
    QTest::newRow("the second cannot be had, the first made way already") << true << true;
    QTest::newRow("the same while nothing is open yet") << false << true;
}

void TestDoors::allOrNothing()
{
    QFETCH(bool, wasOpen);
    QFETCH(bool, movesTheFirst);
    Fixture fixture;
    QVERIFY(fixture.doors.prepare({ proxyAt(here), otherAt(here) }));
    if (wasOpen)
        fixture.doors.commit();
    const SocketAddress proxy = fixture.where();
    const SocketAddress other = fixture.other();
    QTcpServer busy;
    QVERIFY(busy.listen(here));

    const quint16 wanted = movesTheFirst ? proxy.port : 0;
    const auto prepared =
        fixture.doors.prepare({ proxyAt(there, wanted), otherAt(here, busy.serverPort()) });
    QVERIFY(!prepared);
    QVERIFY2(prepared.error().endsWith(
                 u" is in use by another program: stop that program or choose another PROXY_PORT"),
             qPrintable(prepared.error()));
    QCOMPARE(fixture.where(), proxy);
    QCOMPARE(fixture.other(), other);
    QVERIFY2(!isReachable({ there, proxy.port }), "what was bound of the list is closed");
    for (const SocketAddress &where : { proxy, other }) {
        QVERIFY(isReachable(where));
        QCOMPARE(fixture.accepted.tryAcquire(1, wasOpen ? soon : never), wasOpen);
    }
    fixture.doors.commit();
    QVERIFY(fixture.accepted.tryAcquire(wasOpen ? 0 : 2, soon));
    QVERIFY(isReachable(proxy) && isReachable(other));
    QVERIFY(fixture.accepted.tryAcquire(2, soon));
}

void TestDoors::anUnchangedDoorKeepsItsSocket_data()
{
    QTest::addColumn<bool>("wasOpen");
    QTest::addColumn<bool>("namesThePort");
    QTest::newRow("one that was only prepared") << false << false;
    QTest::newRow("one that is open") << true << false;
    QTest::newRow("one whose port is named now, which was any free one") << true << true;
}

void TestDoors::anUnchangedDoorKeepsItsSocket()
{
    QFETCH(bool, wasOpen);
    QFETCH(bool, namesThePort);
    Fixture fixture;
    QVERIFY(fixture.prepare(here));
    if (wasOpen)
        fixture.doors.commit();
    const SocketAddress before = fixture.where();
    const QByteArray socket = socketAt(before);
#if defined(Q_OS_LINUX)
    QVERIFY(!socket.isEmpty());
#endif
    QVERIFY(isReachable(before)); // waits in the backlog while the door is only prepared
    QVERIFY(fixture.doors.prepare(
        { proxyAt(here, namesThePort ? before.port : 0), otherAt(there, before.port) }));
    QCOMPARE(fixture.where(), before);
    fixture.doors.commit();
    QVERIFY(fixture.accepted.tryAcquire(1, soon));
    QVERIFY(isReachable(before));
    QVERIFY(fixture.accepted.tryAcquire(1, soon));
    QCOMPARE(socketAt(before), socket);
}

void TestDoors::whatIsAskedForAgainStays()
{
    Fixture fixture;
    QVERIFY(fixture.prepare(here));
    fixture.doors.commit();
    const SocketAddress before = fixture.where();
    QVERIFY(fixture.prepare(there));
    const SocketAddress between = fixture.where();
    QVERIFY(fixture.prepare(here));
    QCOMPARE(fixture.where(), before);
    QVERIFY2(!isReachable(between), "it was only prepared");
    fixture.doors.commit();
    QVERIFY(isReachable(before));
    QVERIFY(fixture.accepted.tryAcquire(1, soon));
}

void TestDoors::anotherKindIsAnotherDoor()
{
    Fixture fixture;
    QVERIFY(fixture.prepare(here));
    fixture.doors.commit();
    const SocketAddress before = fixture.where();
    DoorSpec spec = proxyAt(here);
    spec.kind = DoorKind(200);
    QVERIFY(fixture.doors.prepare({ spec }));
    QVERIFY(fixture.where().port != before.port);
}

#if defined(Q_OS_UNIX)

namespace {

/// Stands for another process's listening socket: nobody accepts here.
net::Descriptor listeningAt(const QHostAddress &address, quint16 *port)
{
    QTcpServer server;
    server.setProxy(QNetworkProxy::NoProxy);
    if (!server.listen(address))
        qFatal("cannot listen");
    *port = server.serverPort();
    return net::Descriptor(::dup(int(server.socketDescriptor())));
}

bool isOpen(int descriptor)
{
    return ::fcntl(descriptor, F_GETFD) >= 0;
}

} // namespace

void TestDoors::anInheritedSocketKeepsItsBacklog()
{
    quint16 port = 0;
    Doors::Inherited inherited;
    inherited[proxyDoor()] = listeningAt(here, &port);
    QVERIFY(isReachable({ here, port })); // waits there
    Fixture fixture;
    QVERIFY(fixture.doors.prepare({ proxyAt(here, port), otherAt(here) }, std::move(inherited)));
    QCOMPARE(fixture.where(), (SocketAddress { here, port }));
    QVERIFY(!fixture.accepted.tryAcquire(1, never));
    fixture.rules = 2;
    fixture.doors.commit();
    QVERIFY(fixture.accepted.tryAcquire(1, soon));
    QCOMPARE(fixture.lastRules.load(), 2);
    QVERIFY(!fixture.isOther);
}

void TestDoors::anInheritedSocketThatDoesNotFitIsClosed_data()
{
    QTest::addColumn<QByteArray>("id");
    QTest::addColumn<QHostAddress>("address"); ///< of the door
    QTest::addColumn<bool>("isPrepared");
    QTest::newRow("it listens elsewhere") << proxyDoor() << there << false;
    QTest::newRow("no door is called so") << QByteArray("no such") << there << true;
    QTest::newRow("the door is there already") << proxyDoor() << here << true;
}

void TestDoors::anInheritedSocketThatDoesNotFitIsClosed()
{
    QFETCH(QByteArray, id);
    QFETCH(QHostAddress, address);
    QFETCH(bool, isPrepared);
    Fixture fixture;
    QVERIFY(fixture.prepare(here));
    fixture.doors.commit();
    const SocketAddress before = fixture.where();
    quint16 port = 0;
    Doors::Inherited inherited;
    inherited[id] = listeningAt(here, &port);
    const int descriptor = int(inherited[id].number());
    const auto prepared = fixture.doors.prepare({ proxyAt(address) }, std::move(inherited));
    QCOMPARE(prepared.has_value(), isPrepared);
    QVERIFY(!isOpen(descriptor));
    QVERIFY(!isReachable({ here, port }));
    if (!isPrepared) {
        QVERIFY2(prepared.error().contains(u"it listens at 127.0.0.1:"),
                 qPrintable(prepared.error()));
    }
    QVERIFY(isReachable(before));
    QVERIFY(fixture.accepted.tryAcquire(1, soon));
}

#else

void TestDoors::anInheritedSocketKeepsItsBacklog() {}
void TestDoors::anInheritedSocketThatDoesNotFitIsClosed_data() {}
void TestDoors::anInheritedSocketThatDoesNotFitIsClosed() {}

#endif

/// A connection that waits while the keepalive changes has the old value or the new: unknown.
void TestDoors::tellsTheKeepaliveOfArrivals()
{
#if !defined(Q_OS_LINUX)
    QSKIP("only Linux is trusted to pass all options on");
#endif
    Fixture fixture;
    const auto arrives = [&] {
        return isReachable(fixture.where()) && fixture.accepted.tryAcquire(1, soon);
    };
    fixture.doors.setKeepalive(std::chrono::seconds(30));
    QVERIFY(fixture.prepare(here));
    QVERIFY(isReachable(fixture.where()));
    fixture.doors.commit();
    QVERIFY(fixture.accepted.tryAcquire(1, soon));
    QCOMPARE(fixture.keepalive.load(), unknown);
    QTRY_VERIFY(arrives() && fixture.keepalive == 30);
    fixture.doors.setKeepalive(std::chrono::seconds(30));
    QVERIFY(arrives());
    QCOMPARE(fixture.keepalive.load(), 30); // nothing has changed
    fixture.doors.setKeepalive(std::chrono::seconds(7));
    QVERIFY(arrives());
    QCOMPARE(fixture.keepalive.load(), unknown);
    QTRY_VERIFY(arrives() && fixture.keepalive == 7);
    // A new door has it too.
    QVERIFY(fixture.prepare(there));
    fixture.doors.commit();
    QVERIFY(arrives());
    QTRY_VERIFY(arrives() && fixture.keepalive == 7);
}

QTEST_GUILESS_MAIN(TestDoors)
#include "tst_doors.moc"
