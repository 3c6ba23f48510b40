// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Qt's own users of a dispatcher work on this one: its sockets, its processes, its waits.
#include "dispatchers.h"
#include "testauthority.h"

#include <QElapsedTimer>
#include <QFile>
#include <QHostInfo>
#include <QLocalServer>
#include <QLocalSocket>
#include <QNetworkProxy>
#include <QProcess>
#include <QSignalSpy>
#include <QSslCertificate>
#include <QSslKey>
#include <QSslSocket>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>
#include <QTimer>
#include <QUdpSocket>
#include <QUuid>

#include <algorithm>
#include <unistd.h>
#include <vector>

using namespace sami::test;
using namespace std::chrono_literals;

namespace {

/// Sends back whatever it gets.
class EchoServer : public QTcpServer
{
public:
    EchoServer()
    {
        if (!listen(QHostAddress::LocalHost))
            qFatal("no listener");
        connect(this, &QTcpServer::newConnection, this, [this] {
            while (QTcpSocket *socket = nextPendingConnection()) {
                connect(socket, &QTcpSocket::readyRead, socket,
                        [socket] { socket->write(socket->readAll()); });
                connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
            }
        });
    }

    void lead(QTcpSocket &socket) const { socket.connectToHost(serverAddress(), serverPort()); }
};

} // namespace

class TestDispatcherQt : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void tcpSocketsCarryMegabytes();
    void manyTcpSocketsAtOnce();
    void aTcpSocketWithABoundedBufferPauses();
    void aTcpSocketNoticesItsEnd_data();
    void aTcpSocketNoticesItsEnd();
    void waitingCallsWorkInsideOfSlots();
    void tlsHandshakes();
    void localSocketsWork();
    void datagramsArrive();
    void namesAreLookedUp();
    void processesTalkAndEnd();
    void spiesAndTestsWait();
};

void TestDispatcherQt::initTestCase()
{
    QNetworkProxy::setApplicationProxy(QNetworkProxy::NoProxy);
}

void TestDispatcherQt::tcpSocketsCarryMegabytes()
{
    const EchoServer server;
    QTcpSocket socket;
    server.lead(socket);
    const QByteArray sent = QByteArray(8 * 1024 * 1024, 'm') + "end";
    QByteArray received;
    connect(&socket, &QTcpSocket::connected, this, [&] { socket.write(sent); });
    connect(&socket, &QTcpSocket::readyRead, this, [&] { received += socket.readAll(); });
    QVERIFY(loopUntil([&] { return received.size() >= sent.size(); }));
    QCOMPARE(received, sent);
}

void TestDispatcherQt::manyTcpSocketsAtOnce()
{
    const EchoServer server;
    constexpr int size = 100;
    std::vector<std::unique_ptr<QTcpSocket>> sockets;
    int answered = 0;
    for (int i = 0; i < size; ++i) {
        sockets.push_back(std::make_unique<QTcpSocket>());
        QTcpSocket *socket = sockets.back().get();
        const QByteArray own = QByteArray::number(i) + '\n';
        connect(socket, &QTcpSocket::connected, this, [socket, own] { socket->write(own); });
        connect(socket, &QTcpSocket::readyRead, this, [&answered, socket, own] {
            if (!socket->canReadLine())
                return;
            QCOMPARE(socket->readLine(), own);
            ++answered;
            socket->disconnectFromHost();
        });
        server.lead(*socket);
    }
    QVERIFY(loopUntil([&] { return answered == size; }));
    QVERIFY(loopUntil([&] {
        return std::all_of(sockets.begin(), sockets.end(), [](const auto &socket) {
            return socket->state() == QAbstractSocket::UnconnectedState;
        });
    }));
    QVERIFY(wakeUpsDuring(30ms) < 2 * fewWakeUps);
}

void TestDispatcherQt::aTcpSocketWithABoundedBufferPauses()
{
    const EchoServer server;
    QTcpSocket socket;
    socket.setReadBufferSize(1000);
    server.lead(socket);
    const QByteArray sent(100'000, 'b');
    connect(&socket, &QTcpSocket::connected, this, [&] { socket.write(sent); });
    QVERIFY(loopUntil([&] { return socket.bytesAvailable() == 1000; }));
    QVERIFY(loopUntil([&] { return socket.bytesToWrite() == 0; }));
    (void)wakeUpsDuring(30ms); // lets the echo arrive
    QVERIFY(wakeUpsDuring(50ms) < fewWakeUps);
    QCOMPARE(socket.bytesAvailable(), 1000);
    QByteArray received;
    connect(&socket, &QTcpSocket::readyRead, this, [&] { received += socket.readAll(); });
    received += socket.readAll();
    QVERIFY(loopUntil([&] { return received.size() == sent.size(); }));
}

void TestDispatcherQt::aTcpSocketNoticesItsEnd_data()
{
    QTest::addColumn<QString>("end");
    QTest::addColumn<QAbstractSocket::SocketError>("error");
    QTest::newRow("closed by the peer")
        << QStringLiteral("close") << QAbstractSocket::RemoteHostClosedError;
    QTest::newRow("never let in") << QStringLiteral("refuse")
                                  << QAbstractSocket::ConnectionRefusedError;
}

void TestDispatcherQt::aTcpSocketNoticesItsEnd()
{
    QFETCH(QString, end);
    QFETCH(QAbstractSocket::SocketError, error);
    QTcpServer server;
    QVERIFY(server.listen(QHostAddress::LocalHost));
    QTcpSocket socket;
    QSignalSpy errors(&socket, &QTcpSocket::errorOccurred);
    const quint16 port = server.serverPort();
    if (end == u"refuse")
        server.close();
    socket.connectToHost(QHostAddress::LocalHost, port);
    if (end != u"refuse") {
        // Both ends must see the connection first, otherwise the end differs.
        QVERIFY(loopUntil([&] {
            return server.hasPendingConnections()
                && socket.state() == QAbstractSocket::ConnectedState;
        }));
        delete server.nextPendingConnection();
    }
    QVERIFY(loopUntil(
        [&] { return !errors.isEmpty() && socket.state() == QAbstractSocket::UnconnectedState; }));
    QCOMPARE(errors.first().first().value<QAbstractSocket::SocketError>(), error);
    QVERIFY(wakeUpsDuring(30ms) < fewWakeUps);
}

void TestDispatcherQt::waitingCallsWorkInsideOfSlots()
{
    // waitForReadyRead() polls by itself, bypassing the dispatcher, and takes data that the
    // dispatcher has already seen.
    DispatcherThread thread;
    thread.startLoop();
    std::unique_ptr<EchoServer> server;
    quint16 port = 0;
    thread.call([&] {
        server = std::make_unique<EchoServer>();
        port = server->serverPort();
    });
    QTcpSocket socket;
    int rounds = 0;
    QByteArray received;
    connect(&socket, &QTcpSocket::readyRead, this, [&] {
        received += socket.readAll();
        while (++rounds < 20) {
            socket.write("again");
            QVERIFY(socket.waitForBytesWritten(5000));
            QVERIFY(socket.waitForReadyRead(5000));
            received += socket.readAll();
        }
    });
    socket.connectToHost(QHostAddress::LocalHost, port);
    QVERIFY(socket.waitForConnected(5000));
    socket.write("first");
    QVERIFY(loopUntil([&] { return rounds >= 20 && received.size() == 100; }));
    socket.disconnectFromHost();
    if (socket.state() != QAbstractSocket::UnconnectedState)
        QVERIFY(socket.waitForDisconnected(5000));
    QVERIFY(wakeUpsDuring(30ms) < fewWakeUps);
    thread.call([&] { server.reset(); });
}

void TestDispatcherQt::tlsHandshakes()
{
    if (!QSslSocket::supportsSsl())
        QSKIP("this Qt has no TLS");
    TestAuthority authority;
    const QString certificate =
        authority.issue(QStringLiteral("server"), QStringLiteral("DNS:localhost"));
    QFile certificateFile(certificate + QStringLiteral(".pem"));
    QFile keyFile(certificate + QStringLiteral(".key"));
    QVERIFY(certificateFile.open(QIODevice::ReadOnly) && keyFile.open(QIODevice::ReadOnly));
    QSslSocket server;
    server.setLocalCertificate(QSslCertificate(&certificateFile));
    server.setPrivateKey(QSslKey(&keyFile, QSsl::Ec));
    QSslSocket client;
    client.setPeerVerifyMode(QSslSocket::VerifyNone);

    Ends ends = tcpPair();
    for (QSslSocket *socket : { &server, &client }) {
        // Qt takes ownership and closes it.
        const Descriptor &own = socket == &server ? ends.near : ends.far;
        QVERIFY(socket->setSocketDescriptor(::dup(own.number())));
    }
    ends.near.close();
    ends.far.close();
    QByteArray atServer;
    QByteArray atClient;
    connect(&server, &QSslSocket::readyRead, this, [&] {
        const QByteArray block = server.readAll();
        atServer += block;
        server.write(block);
    });
    connect(&client, &QSslSocket::readyRead, this, [&] { atClient += client.readAll(); });
    const QByteArray sent(2'000'000, 't');
    connect(&client, &QSslSocket::encrypted, this, [&] { client.write(sent); });
    server.startServerEncryption();
    client.startClientEncryption();
    QVERIFY(loopUntil([&] { return atClient.size() == sent.size(); }));
    QCOMPARE(atServer, sent);
    QCOMPARE(atClient, sent);
    bool isGone = false;
    connect(&server, &QSslSocket::disconnected, this, [&isGone] { isGone = true; });
    client.disconnectFromHost();
    QVERIFY(loopUntil([&] { return isGone; }));
}

void TestDispatcherQt::localSocketsWork()
{
    QLocalServer server;
    QVERIFY(server.listen(QUuid::createUuid().toString(QUuid::Id128)));
    QLocalSocket client;
    QByteArray received;
    connect(&server, &QLocalServer::newConnection, this, [&] {
        QLocalSocket *accepted = server.nextPendingConnection();
        connect(accepted, &QLocalSocket::readyRead, accepted,
                [accepted] { accepted->write(accepted->readAll()); });
    });
    connect(&client, &QLocalSocket::connected, this, [&] { client.write("local"); });
    connect(&client, &QLocalSocket::readyRead, this, [&] { received += client.readAll(); });
    client.connectToServer(server.fullServerName());
    QVERIFY(loopUntil([&] { return received == "local"; }));
}

void TestDispatcherQt::datagramsArrive()
{
    QUdpSocket sender;
    QUdpSocket receiver;
    QVERIFY(receiver.bind(QHostAddress::LocalHost));
    int count = 0;
    connect(&receiver, &QUdpSocket::readyRead, this, [&] {
        while (receiver.hasPendingDatagrams()) {
            char octet = 0;
            receiver.readDatagram(&octet, 1);
            ++count;
        }
    });
    for (int i = 0; i < 50; ++i)
        sender.writeDatagram("d", QHostAddress::LocalHost, receiver.localPort());
    QVERIFY(loopUntil([&] { return count == 50; }));
}

void TestDispatcherQt::namesAreLookedUp()
{
    // The answer comes from one of Qt's own threads.
    bool isFound = false;
    QHostInfo::lookupHost(QStringLiteral("localhost"), this,
                          [&](const QHostInfo &info) { isFound = !info.addresses().isEmpty(); });
    QVERIFY(loopUntil([&] { return isFound; }));
}

void TestDispatcherQt::processesTalkAndEnd()
{
    for (int i = 0; i < 5; ++i) {
        QProcess process;
        QSignalSpy finished(&process, &QProcess::finished);
        QByteArray output;
        connect(&process, &QProcess::readyReadStandardOutput, this,
                [&] { output += process.readAllStandardOutput(); });
        process.start(QStringLiteral("cat"), QStringList());
        process.write(QByteArray(200'000, 'p'));
        process.closeWriteChannel();
        QVERIFY(loopUntil([&] { return !finished.isEmpty(); }));
        QCOMPARE(output.size(), 200'000);
        QCOMPARE(process.exitCode(), 0);
    }
    QVERIFY(wakeUpsDuring(30ms) < fewWakeUps);
}

void TestDispatcherQt::spiesAndTestsWait()
{
    QTimer timer;
    QSignalSpy spy(&timer, &QTimer::timeout);
    timer.setSingleShot(true);
    timer.start(10);
    QVERIFY(spy.wait(int(std::chrono::milliseconds(patience).count())));
    QVERIFY(!spy.wait(20));
    bool isTrue = false;
    QTimer::singleShot(10, this, [&] { isTrue = true; });
    QVERIFY(
        QTest::qWaitFor([&] { return isTrue; }, int(std::chrono::milliseconds(patience).count())));
    QElapsedTimer clock;
    clock.start();
    QTest::qWait(30);
    QVERIFY(clock.elapsed() >= 29);
}

SAMI_DISPATCHER_TEST_MAIN(TestDispatcherQt)
#include "tst_dispatcherqt.moc"
