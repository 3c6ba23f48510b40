// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// The reachability test when the door refuses clear text from here.
#include "config/exposure.h"
#include "gui/control/tlsbridge.h"
#include "reachabilityrig.h"

#include <QScopeGuard>
#include <QTemporaryDir>
#include <QTest>

#include <vector>

#ifdef Q_OS_UNIX
#include <sys/resource.h>
#include <unistd.h>
#endif

using namespace sami::gui;
using namespace Qt::StringLiterals;
using sami::SocketAddress;
using sami::test::ProxyRig;

namespace {

QByteArrayList requiringTls(const QTemporaryDir &folder)
{
    return { "--tls=require", "--state-dir=" + folder.path().toUtf8() };
}

} // namespace

class TlsBridgeTest : public QObject, private ReachabilityRig
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void comesOverTlsWhereItMust_data();
    void comesOverTlsWhereItMust();
    void wrongPasswordOverTls();
    void noTlsAtTheDoor();
    void nothingListensForTls();
    void aBalancersDoorIsLeftAlone();
    void strangersCannotComeByIt();
    void aStrangerWithTheSamePortIsOne();
    void aPlaceThatCannotBeHadIsSaid();

private:
    QString m_localhost;
};

void TlsBridgeTest::initTestCase()
{
    QVERIFY(m_authority.isValid());
    m_localhost = m_authority.issue(u"localhost"_s, u"DNS:localhost"_s);
    QVERIFY(!m_localhost.isEmpty());
}

void TlsBridgeTest::comesOverTlsWhereItMust_data()
{
    QTest::addColumn<bool>("isTunnel");
    QTest::newRow("a forwarded request") << false;
    QTest::newRow("a tunnel: TLS inside TLS") << true;
}

void TlsBridgeTest::comesOverTlsWhereItMust()
{
    QFETCH(const bool, isTunnel);
    const QTemporaryDir folder;
    ProxyRig rig(password + requiringTls(folder));
    auto encrypted = tlsServer(m_localhost);
    QTcpServer plain;
    const Origin origin(isTunnel ? *encrypted : plain, response("401 Unauthorized"));
    const QString url = (isTunnel ? u"https://localhost:%1/"_s : u"http://localhost:%1/"_s);
    ReachabilityTest::Request wanted = request(rig, url.arg(origin.port()), rightOnes);
    QCOMPARE(rig.controller->state(), ProxyState::Running);
    wanted.announce = [&](const SocketAddress &from) { rig.controller->expectOwn(from); };
    ReachabilityTest test;
    QCOMPARE(run(test, wanted).verdict, TestVerdict::RuleForbids); // in clear text
    wanted.requiresTls = true;
    QCOMPARE(run(test, wanted), (TestOutcome { TestVerdict::KeyWanted, TestStage::Http, 401, {} }));
    QTRY_VERIFY(rig.controller->snapshot().connections.isEmpty());
    QVERIFY2(rig.controller->finishedWork().isEmpty(), "it is the program's own");
}

void TlsBridgeTest::wrongPasswordOverTls()
{
    const QTemporaryDir folder;
    ProxyRig rig(password + requiringTls(folder));
    ReachabilityTest test;
    auto wanted =
        request(rig, u"https://localhost:9/"_s, sami::policy::Credentials { "ann", "wrong" });
    wanted.requiresTls = true;
    QCOMPARE(run(test, wanted),
             (TestOutcome { TestVerdict::SignInRefused, TestStage::SignIn, 407, {} }));
}

void TlsBridgeTest::noTlsAtTheDoor()
{
    ProxyRig rig;
    ReachabilityTest test;
    auto wanted = request(rig, u"https://localhost:9/"_s);
    wanted.requiresTls = true;
    const TestOutcome outcome = run(test, wanted);
    QCOMPARE(outcome.verdict, TestVerdict::DoorTlsFailed);
    QCOMPARE(outcome.stage, TestStage::Listening);
    QVERIFY(!outcome.detail.isEmpty());
}

void TlsBridgeTest::nothingListensForTls()
{
    ReachabilityTest test;
    const TestOutcome outcome = run(test,
                                    { { QHostAddress(QHostAddress::LocalHost), closedPort() },
                                      {},
                                      QUrl(u"https://localhost/"_s),
                                      {},
                                      {},
                                      true });
    QCOMPARE(outcome.verdict, TestVerdict::NotListening);
}

void TlsBridgeTest::aBalancersDoorIsLeftAlone()
{
    // A listener inside a network of trusted balancers belongs to it too.
    sami::config::Settings settings;
    settings.access.balancers = { sami::policy::BalancerEntry::parse("192.0.2.0/24").value() };
    QTcpServer server;
    const Origin door(server, response("200 OK"));
    ReachabilityTest test;
    ReachabilityTest::Request wanted {
        { QHostAddress(QHostAddress::LocalHost), door.port() }, {}, QUrl(u"http://localhost/"_s), {}
    };
    wanted.expectsBalancer =
        sami::config::comesFromBalancer(settings, QHostAddress(u"192.0.2.7"_s));
    QCOMPARE(run(test, wanted),
             (TestOutcome { TestVerdict::BalancerWanted, TestStage::Listening, 0, {} }));
    QCOMPARE(door.request, QByteArray());
    wanted.expectsBalancer =
        sami::config::comesFromBalancer(settings, QHostAddress(u"198.51.100.7"_s));
    QCOMPARE(run(test, wanted).verdict, TestVerdict::Reachable);
}

void TlsBridgeTest::strangersCannotComeByIt()
{
    auto door = tlsServer(m_localhost);
    Origin listener(*door, response("200 OK"));
    TlsBridge bridge(this);
    QSignalSpy opened(&bridge, &TlsBridge::opened);
    bridge.open({ QHostAddress(QHostAddress::LocalHost), listener.port() }, {});
    QVERIFY(opened.wait());
    const auto place = opened.first().first().value<SocketAddress>();
    QVERIFY(place.address.isLoopback());

    // A stranger that comes before the expected one cannot be told from it yet.
    QTcpSocket early;
    early.connectToHost(place.address, place.port);
    QTcpSocket own;
    own.connectToHost(place.address, place.port);
    own.write("GET / HTTP/1.1\r\n\r\n");
    QTRY_COMPARE(own.state(), QAbstractSocket::ConnectedState);
    QTest::qWait(50); // both have arrived
    bridge.expect({ own.localAddress(), own.localPort() });
    QTRY_COMPARE(early.state(), QAbstractSocket::UnconnectedState);
    QTRY_VERIFY(own.bytesAvailable() > 0);
    QCOMPARE(listener.request, "GET / HTTP/1.1\r\n\r\n"_ba);
}

void TlsBridgeTest::aStrangerWithTheSamePortIsOne()
{
    auto door = tlsServer(m_localhost);
    Origin listener(*door, response("200 OK"));
    TlsBridge bridge(this);
    QSignalSpy opened(&bridge, &TlsBridge::opened);
    bridge.open({ QHostAddress(QHostAddress::LocalHost), listener.port() }, {});
    QVERIFY(opened.wait());
    const auto place = opened.first().first().value<SocketAddress>();
    QTcpSocket stranger;
    if (!stranger.bind(QHostAddress(u"127.0.0.2"_s), 0))
        QSKIP("this computer has one loopback address only");
    bridge.expect({ QHostAddress(QHostAddress::LocalHost), stranger.localPort() });
    stranger.connectToHost(place.address, place.port);
    stranger.write("GET / HTTP/1.1\r\n\r\n");
    QTRY_COMPARE(stranger.state(), QAbstractSocket::UnconnectedState);
    QCOMPARE(listener.request, QByteArray());
}

void TlsBridgeTest::aPlaceThatCannotBeHadIsSaid()
{
#ifdef Q_OS_UNIX
    // Once the listener is reached, the program has no descriptor left.
    auto door = tlsServer(m_localhost);
    const Origin listener(*door, response("200 OK"));
    struct rlimit before
    {};
    QCOMPARE(::getrlimit(RLIMIT_NOFILE, &before), 0);
    std::vector<int> taken;
    const auto giveBack = qScopeGuard([&] {
        for (const int descriptor : taken)
            ::close(descriptor);
        ::setrlimit(RLIMIT_NOFILE, &before);
    });
    connect(door.get(), &QSslServer::startedEncryptionHandshake, this, [&] {
        const struct rlimit few
        {
            256, before.rlim_max
        };
        ::setrlimit(RLIMIT_NOFILE, &few);
        for (int descriptor = ::dup(0); descriptor >= 0; descriptor = ::dup(0))
            taken.push_back(descriptor);
    });
    ReachabilityTest test;
    const TestOutcome outcome = run(test,
                                    { { QHostAddress(QHostAddress::LocalHost), listener.port() },
                                      {},
                                      QUrl(u"https://localhost/"_s),
                                      {},
                                      {},
                                      true });
    QVERIFY(!taken.empty());
    QCOMPARE(outcome.verdict, TestVerdict::NoPlace);
    QVERIFY(!outcome.detail.isEmpty());
#endif
}

QTEST_GUILESS_MAIN(TlsBridgeTest)
#include "tst_tlsbridge.moc"
