// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/text/testwording.h"
#include "reachabilityrig.h"

#include <QTest>

using namespace sami::gui;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using sami::SocketAddress;
using sami::test::ProxyRig;

class ReachabilityTestTest : public QObject, private ReachabilityRig
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();

    void answersOverTls_data();
    void answersOverTls();
    void answersWithoutTls_data();
    void answersWithoutTls();
    void nothingSecretReachesTheProvider();
    void stagesComeInOrder();
    void untrustedCertificate();
    void certificateOfAnotherName();
    void notTls();
    void notHttp();
    void closesWithoutAnAnswer();

    void wrongPassword();
    void noPasswordGiven();
    void guesserBlocked();
    void ruleForbids_data();
    void ruleForbids();
    void privateTarget();
    void unknownHost();
    void hostRefuses();
    void proxyStops();
    void nothingListens();
    void somethingElseListens_data();
    void somethingElseListens();

    void badUrl_data();
    void badUrl();
    void timesOut();
    void cancelled();
    void aNewTestReplacesTheOld();
    void standsInNoRowAndNoTotal_data();
    void standsInNoRowAndNoTotal();
    void everyVerdictHasItsSentence();

private:
    QString m_localhost;
    QString m_example;
};

void ReachabilityTestTest::initTestCase()
{
    QVERIFY(m_authority.isValid());
    m_localhost = m_authority.issue(u"localhost"_s, u"DNS:localhost"_s);
    m_example = m_authority.issue(u"example"_s, u"DNS:example.org"_s);
    QVERIFY(!m_localhost.isEmpty() && !m_example.isEmpty());
}

void ReachabilityTestTest::answersOverTls_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<TestVerdict>("verdict");
    QTest::addColumn<int>("status");
    using enum TestVerdict;
    QTest::newRow("200 is reachable") << response("200 OK") << Reachable << 200;
    QTest::newRow("401 wants a key") << response("401 Unauthorized") << KeyWanted << 401;
    QTest::newRow("405 is an answer too") << response("405 Method Not Allowed") << Reachable << 405;
    QTest::newRow("404 is an answer too") << response("404 Not Found") << Reachable << 404;
    QTest::newRow("403 is the provider's refusal")
        << response("403 Forbidden") << ProviderForbids << 403;
    QTest::newRow("451 is the provider's refusal")
        << response("451 Unavailable For Legal Reasons") << ProviderForbids << 451;
    QTest::newRow("429 of the provider") << response("429 Too Many Requests") << RateLimited << 429;
    QTest::newRow("503 of the provider")
        << response("503 Service Unavailable") << ServerError << 503;
    QTest::newRow("interim answers do not count")
        << QByteArray("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n") + response("401 No")
        << KeyWanted << 401;
}

void ReachabilityTestTest::answersOverTls()
{
    QFETCH(const QByteArray, answer);
    QFETCH(const TestVerdict, verdict);
    QFETCH(const int, status);
    ProxyRig rig(password);
    auto server = tlsServer(m_localhost);
    const Origin origin(*server, answer);
    ReachabilityTest test;
    const TestOutcome outcome =
        run(test, request(rig, u"https://localhost:%1/v1/models"_s.arg(origin.port()), rightOnes));
    QCOMPARE(outcome, (TestOutcome { verdict, TestStage::Http, status, {} }));
    QCOMPARE(test.state(TestStage::Tls), StageState::Passed);
    QVERIFY(!test.isRunning());
}

void ReachabilityTestTest::answersWithoutTls_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::newRow("403 of the provider") << response("403 Forbidden");
    QTest::newRow("403 that another proxy on the way made")
        << QByteArray("HTTP/1.1 403 Forbidden\r\nProxy-Status: edge; error=http_request_denied"
                      "\r\nContent-Length: 0\r\n\r\n");
}

void ReachabilityTestTest::answersWithoutTls()
{
    QFETCH(const QByteArray, answer);
    ProxyRig rig(password);
    QTcpServer server;
    const Origin origin(server, answer);
    ReachabilityTest test;
    const TestOutcome outcome =
        run(test, request(rig, u"http://127.0.0.1:%1"_s.arg(origin.port()), rightOnes));
    QCOMPARE(outcome.verdict, TestVerdict::ProviderForbids);
    QCOMPARE(test.state(TestStage::Tls), StageState::LeftOut);
    QVERIFY(origin.request.startsWith("GET / HTTP/1.1\r\n"));
}

void ReachabilityTestTest::nothingSecretReachesTheProvider()
{
    ProxyRig rig(password);
    auto server = tlsServer(m_localhost);
    const Origin origin(*server, response("200 OK"));
    ReachabilityTest test;
    const QString url = u"https://user:word@localhost:%1/a%20b?c=d%26e"_s.arg(origin.port());
    QCOMPARE(run(test, request(rig, url, rightOnes)).verdict, TestVerdict::Reachable);
    QVERIFY2(origin.request.startsWith("GET /a%20b?c=d%26e HTTP/1.1\r\nHost: localhost:"),
             origin.request.constData());
    QVERIFY(!origin.request.contains("Authorization"));
    QVERIFY(!origin.request.contains("word"));
}

void ReachabilityTestTest::stagesComeInOrder()
{
    ProxyRig rig(password);
    auto server = tlsServer(m_localhost);
    const Origin origin(*server, response("200 OK"));
    ReachabilityTest test;
    QList<int> passed;
    connect(&test, &ReachabilityTest::progressed, this, [&] {
        int count = 0;
        while (count < testStageCount && test.state(TestStage(count)) == StageState::Passed)
            ++count;
        for (int i = count; i < testStageCount; ++i)
            QVERIFY(test.state(TestStage(i)) != StageState::Passed);
        passed.append(count);
    });
    QCOMPARE(
        run(test, request(rig, u"https://localhost:%1/"_s.arg(origin.port()), rightOnes)).verdict,
        TestVerdict::Reachable);
    QVERIFY(std::is_sorted(passed.cbegin(), passed.cend()));
    QCOMPARE(passed.first(), 1);
    QVERIFY(passed.contains(4)); // the tunnel, before TLS
    QCOMPARE(passed.last(), testStageCount);
}

void ReachabilityTestTest::untrustedCertificate()
{
    ProxyRig rig;
    auto server = tlsServer(m_localhost);
    const Origin origin(*server, response("200 OK"));
    ReachabilityTest test;
    auto wanted = request(rig, u"https://localhost:%1/"_s.arg(origin.port()));
    wanted.caFile.clear();
    const TestOutcome outcome = run(test, wanted);
    QCOMPARE(outcome.verdict, TestVerdict::TlsFailed);
    QCOMPARE(outcome.stage, TestStage::Tls);
    QVERIFY(!outcome.detail.isEmpty());
    QCOMPARE(origin.request, QByteArray());
}

void ReachabilityTestTest::certificateOfAnotherName()
{
    ProxyRig rig;
    auto server = tlsServer(m_example);
    const Origin origin(*server, response("200 OK"));
    ReachabilityTest test;
    const TestOutcome outcome =
        run(test, request(rig, u"https://localhost:%1/"_s.arg(origin.port())));
    QCOMPARE(outcome.verdict, TestVerdict::TlsFailed);
}

void ReachabilityTestTest::notTls()
{
    ProxyRig rig;
    QTcpServer server;
    connect(&server, &QTcpServer::newConnection, this, [&] {
        QTcpSocket *socket = server.nextPendingConnection();
        socket->write("220 mail.example.org\r\n");
        socket->disconnectFromHost();
    });
    server.listen(QHostAddress::LocalHost);
    ReachabilityTest test;
    const TestOutcome outcome =
        run(test, request(rig, u"https://localhost:%1/"_s.arg(server.serverPort())));
    QCOMPARE(outcome.verdict, TestVerdict::TlsFailed);
    QCOMPARE(test.state(TestStage::Tcp), StageState::Passed);
}

void ReachabilityTestTest::notHttp()
{
    ProxyRig rig;
    auto server = tlsServer(m_localhost);
    const Origin origin(*server, "220 mail.example.org\r\n");
    ReachabilityTest test;
    const TestOutcome outcome =
        run(test, request(rig, u"https://localhost:%1/"_s.arg(origin.port())));
    QCOMPARE(outcome, (TestOutcome { TestVerdict::NotHttp, TestStage::Http, 0, {} }));
}

void ReachabilityTestTest::closesWithoutAnAnswer()
{
    ProxyRig rig;
    auto server = tlsServer(m_localhost);
    const Origin origin(*server, "HTTP/1.1 200 O");
    ReachabilityTest test;
    const TestOutcome outcome =
        run(test, request(rig, u"https://localhost:%1/"_s.arg(origin.port())));
    QCOMPARE(outcome, (TestOutcome { TestVerdict::ClosedEarly, TestStage::Http, 0, {} }));
}

void ReachabilityTestTest::wrongPassword()
{
    ProxyRig rig(password);
    ReachabilityTest test;
    const auto wanted =
        request(rig, u"https://localhost:9/"_s, sami::policy::Credentials { "ann", "wrong" });
    QCOMPARE(run(test, wanted),
             (TestOutcome { TestVerdict::SignInRefused, TestStage::SignIn, 407, {} }));
    QCOMPARE(test.state(TestStage::Listening), StageState::Passed);
    QCOMPARE(test.state(TestStage::SignIn), StageState::Failed);
    QCOMPARE(test.state(TestStage::Dns), StageState::Open);
}

void ReachabilityTestTest::noPasswordGiven()
{
    ProxyRig rig(password);
    ReachabilityTest test;
    QCOMPARE(run(test, request(rig, u"http://localhost:9/"_s)).verdict, TestVerdict::SignInRefused);
}

void ReachabilityTestTest::guesserBlocked()
{
    ProxyRig rig(password + QByteArrayList { "--auth-fail-rate-limit-max-attempts=1" });
    ReachabilityTest test;
    const auto wanted =
        request(rig, u"https://localhost:9/"_s, sami::policy::Credentials { "ann", "wrong" });
    QCOMPARE(run(test, wanted).verdict, TestVerdict::SignInRefused);
    QCOMPARE(run(test, wanted),
             (TestOutcome { TestVerdict::GuesserBlocked, TestStage::SignIn, 429, {} }));
}

void ReachabilityTestTest::ruleForbids_data()
{
    QTest::addColumn<QByteArray>("flag");
    QTest::newRow("client not listed") << QByteArray("--allowed-ips=192.0.2.7");
    QTest::newRow("host not listed") << QByteArray("--allowed-hosts=example.org");
    QTest::newRow("port not listed") << QByteArray("--allowed-ports=443");
}

void ReachabilityTestTest::ruleForbids()
{
    QFETCH(const QByteArray, flag);
    ProxyRig rig({ flag });
    ReachabilityTest test;
    for (const QString &scheme : { u"http"_s, u"https"_s }) {
        const TestOutcome outcome = run(test, request(rig, scheme + u"://localhost:9999/"_s));
        QCOMPARE(outcome.verdict, TestVerdict::RuleForbids);
        QCOMPARE(outcome.stage, TestStage::SignIn);
        QCOMPARE(outcome.status, 403);
    }
}

void ReachabilityTestTest::privateTarget()
{
    ProxyRig rig;
    ReachabilityTest test;
    const TestOutcome outcome = run(test, request(rig, u"https://10.255.255.1/"_s));
    QCOMPARE(outcome.verdict, TestVerdict::PrivateTarget);
    QCOMPARE(outcome.stage, TestStage::Tcp);
    QCOMPARE(test.state(TestStage::Dns), StageState::Passed);
}

void ReachabilityTestTest::unknownHost()
{
    ProxyRig rig;
    ReachabilityTest test;
    // RFC 2606: this name never resolves.
    const TestOutcome outcome = run(test, request(rig, u"https://nobody.invalid/"_s));
    QCOMPARE(outcome.verdict, TestVerdict::DnsFailed);
    QCOMPARE(outcome.stage, TestStage::Dns);
    QCOMPARE(test.state(TestStage::SignIn), StageState::Passed);
}

void ReachabilityTestTest::hostRefuses()
{
    ProxyRig rig;
    ReachabilityTest test;
    for (const QString &scheme : { u"http"_s, u"https"_s }) {
        const TestOutcome outcome =
            run(test, request(rig, u"%1://127.0.0.1:%2/"_s.arg(scheme).arg(closedPort())));
        QCOMPARE(
            outcome,
            (TestOutcome { TestVerdict::TcpFailed, TestStage::Tcp, 502, u"connection_refused"_s }));
        QCOMPARE(test.state(TestStage::Dns), StageState::Passed);
    }
}

void ReachabilityTestTest::proxyStops()
{
    ProxyRig rig;
    QTcpServer silent;
    const Origin origin(silent, {});
    // Running work keeps a draining proxy alive.
    ReachabilityTest busy;
    busy.start(request(rig, u"http://127.0.0.1:%1/"_s.arg(origin.port())));
    QTRY_VERIFY(!origin.request.isEmpty());
    rig.controller->drain();
    QCOMPARE(rig.controller->state(), ProxyState::Draining);
    ReachabilityTest test;
    QCOMPARE(run(test, request(rig, u"https://localhost:9/"_s)).verdict, TestVerdict::ProxyBusy);
}

void ReachabilityTestTest::nothingListens()
{
    ReachabilityTest test;
    const TestOutcome outcome = run(test,
                                    { { QHostAddress(QHostAddress::LocalHost), closedPort() },
                                      {},
                                      QUrl(u"https://localhost/"_s),
                                      {} });
    QCOMPARE(outcome.verdict, TestVerdict::NotListening);
    QCOMPARE(test.state(TestStage::Listening), StageState::Failed);
}

void ReachabilityTestTest::somethingElseListens_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<TestVerdict>("verdict");
    QTest::newRow("a web server") << response("404 Not Found") << TestVerdict::NotHttp;
    QTest::newRow("not HTTP at all") << QByteArray("+OK ready\r\n") << TestVerdict::NotHttp;
    QTest::newRow("a head without an end")
        << "HTTP/1.1 200 OK\r\n" + QByteArray(70'000, 'x') << TestVerdict::NotHttp;
    QTest::newRow("half a line, then the end") << QByteArray("HTTP/1") << TestVerdict::ClosedEarly;
}

void ReachabilityTestTest::somethingElseListens()
{
    QFETCH(const QByteArray, answer);
    QFETCH(const TestVerdict, verdict);
    QTcpServer server;
    const Origin other(server, answer);
    ReachabilityTest test;
    const TestOutcome outcome = run(test,
                                    { { QHostAddress(QHostAddress::LocalHost), other.port() },
                                      {},
                                      QUrl(u"https://localhost/"_s),
                                      {} });
    QCOMPARE(outcome.verdict, verdict);
    QCOMPARE(outcome.stage, TestStage::SignIn);
}

void ReachabilityTestTest::badUrl_data()
{
    QTest::addColumn<QString>("url");
    QTest::newRow("nothing") << QString();
    QTest::newRow("no scheme") << u"api.openai.com"_s;
    QTest::newRow("another scheme") << u"ftp://example.org/"_s;
    QTest::newRow("no host") << u"https://"_s;
    QTest::newRow("no port that exists") << u"https://example.org:99999/"_s;
}

void ReachabilityTestTest::badUrl()
{
    QFETCH(const QString, url);
    ReachabilityTest test;
    const TestOutcome outcome =
        run(test, { { QHostAddress(QHostAddress::LocalHost), 1 }, {}, QUrl(url), {} });
    QCOMPARE(outcome.verdict, TestVerdict::BadUrl);
}

void ReachabilityTestTest::timesOut()
{
    ProxyRig rig;
    QTcpServer silent;
    const Origin origin(silent, {});
    ReachabilityTest test;
    test.setTimeLimit(3s); // for a busy machine: TLS has to have begun by then
    const TestOutcome outcome =
        run(test, request(rig, u"https://127.0.0.1:%1/"_s.arg(origin.port())));
    QCOMPARE(outcome, (TestOutcome { TestVerdict::TimedOut, TestStage::Tls, 0, {} }));
}

void ReachabilityTestTest::cancelled()
{
    ProxyRig rig;
    QTcpServer silent;
    const Origin origin(silent, {});
    ReachabilityTest test;
    QSignalSpy finished(&test, &ReachabilityTest::finished);
    test.start(request(rig, u"http://127.0.0.1:%1/"_s.arg(origin.port())));
    QTRY_VERIFY(!origin.request.isEmpty());
    test.cancel();
    QVERIFY(!test.isRunning());
    QVERIFY(finished.isEmpty()); // never from inside a call
    QTRY_COMPARE(finished.size(), 1);
    QCOMPARE(finished.first().first().value<TestOutcome>().verdict, TestVerdict::Cancelled);
    QTRY_COMPARE(rig.controller->snapshot().connections.size(), 0);
}

void ReachabilityTestTest::aNewTestReplacesTheOld()
{
    ProxyRig rig;
    QTcpServer silent;
    const Origin origin(silent, {});
    QTcpServer good;
    const Origin other(good, response("200 OK"));
    ReachabilityTest test;
    test.start(request(rig, u"http://127.0.0.1:%1/"_s.arg(origin.port())));
    test.cancel();
    QSignalSpy finished(&test, &ReachabilityTest::finished);
    QCOMPARE(run(test, request(rig, u"http://127.0.0.1:%1/"_s.arg(other.port()))).verdict,
             TestVerdict::Reachable);
    QCOMPARE(finished.size(), 1);
}

void ReachabilityTestTest::standsInNoRowAndNoTotal_data()
{
    QTest::addColumn<QByteArrayList>("flags");
    QTest::addColumn<bool>("isTunnel");
    QTest::addColumn<bool>("isCancelled");
    QTest::newRow("a forwarded request") << QByteArrayList {} << false << false;
    QTest::newRow("a tunnel that fails at TLS") << QByteArrayList {} << true << false;
    QTest::newRow("one that the rules refuse")
        << QByteArrayList { "--allowed-ports=1" } << true << false;
    QTest::newRow("one that is cancelled") << QByteArrayList {} << false << true;
    QTest::newRow("a listener for IPv6 too") << QByteArrayList { "--address=::" } << false << false;
}

void ReachabilityTestTest::standsInNoRowAndNoTotal()
{
    QFETCH(const QByteArrayList, flags);
    QFETCH(const bool, isTunnel);
    QFETCH(const bool, isCancelled);
    ProxyRig rig(flags);
    sami::gui::ProxyController &controller = *rig.controller;
    QTcpServer server;
    const Origin origin(server, isCancelled ? QByteArray() : response("200 OK"));
    const QString address = (isTunnel ? u"https://127.0.0.1:%1/"_s : u"http://127.0.0.1:%1/"_s);
    ReachabilityTest::Request own = request(rig, address.arg(origin.port()));
    if (own.proxy.address == QHostAddress(QHostAddress::Any))
        own.proxy.address = QHostAddress(QHostAddress::LocalHost);
    own.announce = [&](const SocketAddress &from) { controller.expectOwn(from); };
    ReachabilityTest test;
    test.setTimeLimit(2s);
    if (isCancelled) {
        test.start(own);
        QTRY_VERIFY(!origin.request.isEmpty());
        QVERIFY(controller.snapshot().connections.isEmpty());
        test.cancel();
    } else {
        QVERIFY(run(test, own).status >= 0);
    }

    // A real client's request from this machine does count, and finishes last.
    QTcpSocket client;
    client.connectToHost(own.proxy.address, own.proxy.port);
    QVERIFY(client.waitForConnected());
    client.write("GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    QTRY_COMPARE(client.state(), QAbstractSocket::UnconnectedState);
    QTRY_VERIFY(controller.snapshot().connections.isEmpty());
    const sami::account::Totals totals = controller.snapshot().totals;
    QCOMPARE(totals.connections, 1U);
    QCOMPARE(totals.requests, 1U);
    QCOMPARE(totals.up + totals.down, 0U);
    QCOMPARE(controller.finishedWork().size(), 1);
    QCOMPARE(controller.finishedWork().first().target, "/health"_ba);
}

void ReachabilityTestTest::everyVerdictHasItsSentence()
{
    QSet<QString> sentences;
    const int last = int(TestVerdict::BadUrl);
    for (int i = 0; i <= last; ++i) {
        const QString sentence = TestWording::sentence(
            { TestVerdict(i), TestStage::Tcp, 599, u"dns_error"_s }, u"api.example.org"_s);
        QVERIFY(sentence.endsWith(u'.'));
        QVERIFY2(!sentence.contains(u'%'), qPrintable(sentence));
        sentences.insert(sentence);
    }
    QCOMPARE(sentences.size(), last + 1);
}

QTEST_GUILESS_MAIN(ReachabilityTestTest)
#include "tst_reachabilitytest.moc"
