// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/nativestream.h"
#include "net/tcpoptions.h"
#include "rawpeer.h"

#include <QTest>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

using namespace sami;
using namespace sami::net;
using sami::test::RawPeer;

namespace {

int option(int descriptor, int level, int name)
{
    int value = -1;
    socklen_t size = sizeof value;
    ::getsockopt(descriptor, level, name, &value, &size);
    return value;
}

QByteArray optionsOf(int descriptor)
{
    const auto flag = [descriptor](const char *name, int level, int number) {
        return option(descriptor, level, number) != 0 ? QByteArray(name) + ' ' : QByteArray();
    };
    QByteArray text = flag("nodelay", IPPROTO_TCP, TCP_NODELAY)
        + flag("oobinline", SOL_SOCKET, SO_OOBINLINE) + flag("keepalive", SOL_SOCKET, SO_KEEPALIVE);
    if (option(descriptor, SOL_SOCKET, SO_KEEPALIVE) != 0) {
        text += QByteArray::number(option(descriptor, IPPROTO_TCP, TCP_KEEPIDLE)) + '+'
            + QByteArray::number(option(descriptor, IPPROTO_TCP, TCP_KEEPCNT)) + 'x'
            + QByteArray::number(option(descriptor, IPPROTO_TCP, TCP_KEEPINTVL));
    }
    return text.trimmed();
}

} // namespace

/// Which socket options an accepted connection has, from its listener and from adoptAccepted().
class TestAccepted : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void hasTheOptionsOfItsListener_data();
    void hasTheOptionsOfItsListener();
    void getsWhatItLacks_data();
    void getsWhatItLacks();
    void knowsItsPeer();
};

void TestAccepted::hasTheOptionsOfItsListener_data()
{
    QTest::addColumn<QHostAddress>("address");
    QTest::newRow("IPv4") << QHostAddress(QHostAddress::LocalHost);
    QTest::newRow("IPv6") << QHostAddress(QHostAddress::LocalHostIPv6);
}

void TestAccepted::hasTheOptionsOfItsListener()
{
    QFETCH(QHostAddress, address);
    test::RawListener listener(address);
    if (!listener.isValid())
        QSKIP("no such address here");
    QVERIFY(setForArrivals(listener.descriptor(), 42));
    const RawPeer first(test::connectRaw(listener.address()));
    QVERIFY(listener.hasPending(5000));
    const AcceptResult accepted = acceptConnection(listener.descriptor());
    QVERIFY(accepted.status == AcceptResult::Status::Connection);
    QCOMPARE(optionsOf(int(accepted.descriptor)), "nodelay oobinline keepalive 42+3x10");
    QVERIFY((::fcntl(int(accepted.descriptor), F_GETFL) & O_NONBLOCK) != 0);
    QVERIFY((::fcntl(int(accepted.descriptor), F_GETFD) & FD_CLOEXEC) != 0);
    closeDescriptor(accepted.descriptor);

    // The next value applies to later arrivals; a waiting connection has the old one.
    const RawPeer before(test::connectRaw(listener.address()));
    QVERIFY(setForArrivals(listener.descriptor(), 7));
    const RawPeer after(test::connectRaw(listener.address()));
    QVERIFY(setForArrivals(listener.descriptor(), 0));
    const RawPeer without(test::connectRaw(listener.address()));
    for (const QByteArray &expected :
         { QByteArray("nodelay oobinline keepalive 42+3x10"),
           QByteArray("nodelay oobinline keepalive 7+3x10"), QByteArray("nodelay oobinline") }) {
        const int descriptor = listener.accept();
        QCOMPARE(optionsOf(descriptor), expected);
        closeDescriptor(descriptor);
    }
}

void TestAccepted::getsWhatItLacks_data()
{
    QTest::addColumn<bool>("portable");
    QTest::addColumn<std::optional<int>>("inherited");
    QTest::addColumn<int>("wanted");
    QTest::addColumn<QByteArray>("options");
    using Inherited = std::optional<int>;
    // This test's listener sets no options, so what is believed to be inherited stays unset.
    QTest::newRow("what it has is not set again") << false << Inherited(30) << 30 << QByteArray();
    QTest::newRow("keepalive off is a value too") << false << Inherited(0) << 0 << QByteArray();
    QTest::newRow("another keepalive is set")
        << false << Inherited(30) << 7 << QByteArray("keepalive 7+3x10");
    QTest::newRow("nothing is certain, all is set")
        << false << Inherited() << 7 << QByteArray("nodelay oobinline keepalive 7+3x10");
    QTest::newRow("Qt's sockets set their own")
        << true << Inherited() << 7 << QByteArray("nodelay keepalive 7+3x10");
}

void TestAccepted::getsWhatItLacks()
{
    QFETCH(bool, portable);
    QFETCH(std::optional<int>, inherited);
    QFETCH(int, wanted);
    QFETCH(QByteArray, options);
    test::RawListener listener;
    const RawPeer peer(test::connectRaw(listener.address()));
    QVERIFY(listener.hasPending(5000));
    const AcceptResult accepted = acceptConnection(listener.descriptor());
    const StreamPtr stream = adoptAccepted({ accepted.descriptor, accepted.peer, inherited },
                                           portable, wanted, test::budgets());
    QVERIFY(stream);
    QCOMPARE(optionsOf(int(accepted.descriptor)), options);
}

void TestAccepted::knowsItsPeer()
{
    test::RawListener listener;
    const RawPeer peer(test::connectRaw(listener.address()));
    QVERIFY(listener.hasPending(5000));
    const AcceptResult accepted = acceptConnection(listener.descriptor());
    QCOMPARE(accepted.peer, peer.localAddress());
    const StreamPtr stream =
        adoptAccepted({ accepted.descriptor, accepted.peer, 30 }, false, 30, test::budgets());
    QCOMPARE(stream->peerAddress(), peer.localAddress());
    QCOMPARE(stream->localAddress(), listener.address());
    const int unconnected = ::socket(AF_INET, SOCK_STREAM, 0);
    QVERIFY(!adoptAccepted({ unconnected, {}, std::nullopt }, false, 30, test::budgets()));
}

QTEST_GUILESS_MAIN(TestAccepted)
#include "tst_accepted.moc"
