// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// The parent is a proxy of ours with an identity of its own, the provider a TLS server.
#include "net/resolver.h"
#include "net/tlsclientconfig.h"
#include "server/proxyserver.h"
#include "server/steppedtest.h"
#include "testauthority.h"

#include <QFile>
#include <QSignalSpy>
#include <QSslKey>
#include <QSslServer>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::server;
using namespace std::chrono_literals;
using net::DialFault;

namespace {

constexpr char user[] = "ann";
constexpr char password[] = "s3cret";

/// Answers every request with the same octets.
struct Provider
{
    explicit Provider(const QString &certificate)
    {
        QFile pem(certificate + u".pem"_s);
        QFile key(certificate + u".key"_s);
        if (!pem.open(QIODevice::ReadOnly) || !key.open(QIODevice::ReadOnly))
            qFatal("the certificate of the test is not there");
        QSslConfiguration configuration;
        configuration.setLocalCertificate(QSslCertificate(pem.readAll()));
        configuration.setPrivateKey(QSslKey(key.readAll(), QSsl::Ec));
        server.setSslConfiguration(configuration);
        QObject::connect(&server, &QTcpServer::pendingConnectionAvailable, &server, [this] {
            QTcpSocket *socket = server.nextPendingConnection();
            QObject::connect(socket, &QTcpSocket::readyRead, &server, [this, socket] {
                heard += socket->readAll();
                if (heard.endsWith("\r\n\r\n"))
                    socket->write(answer);
            });
        });
        server.listen(QHostAddress::LocalHost);
    }

    QSslServer server;
    QByteArray answer = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n";
    QByteArray heard;
};

/// A proxy that leads out and asks for a password.
struct Leader
{
    explicit Leader(config::TlsMode mode = config::TlsMode::Require,
                    const QList<policy::HostEntry> &allowedHosts = {})
    {
        config::Settings settings;
        settings.listen = { QHostAddress(QHostAddress::LocalHost), 0 };
        settings.limits.threads = 1;
        settings.access.privateTargets.all = true;
        settings.access.allowedHosts = allowedHosts;
        settings.access.credentials = policy::Credentials { user, password };
        settings.tls.mode = mode;
        settings.state = { folder.path(), folder.path() };
        bool isOver = false;
        engine.start(settings, &engine, [&](const Engine::Outcome &outcome) {
            isOver = true;
            if (!outcome)
                qFatal("%s", qPrintable(outcome.error()));
        });
        if (!QTest::qWaitFor([&] { return isOver; }))
            qFatal("the proxy of the test does not start");
    }

    [[nodiscard]] config::Parent parent() const
    {
        config::Parent parent;
        parent.kind = config::ParentKind::Https;
        parent.endpoint = { "fra.example.com", engine.effective()->listening.port };
        parent.user = user;
        parent.password = password;
        parent.name = "fra";
        parent.pins = { QByteArray::fromBase64(engine.effective()->pin.sliced(8)) };
        return parent;
    }

    QTemporaryDir folder;
    ProxyServer engine;
};

} // namespace

class TstSteppedTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();

    void everyStepPasses();
    void theProvidersAnswerCounts_data();
    void theProvidersAnswerCounts();
    void whatFailsIsTold_data();
    void whatFailsIsTold();
    void nothingIsSentToAWrongKey();
    void clearTextHasNoKey();
    void aSilentOneIsLate();
    void aLateLastDialDoesNotWaitForEver();
    void aCancelledOneSaysNothing();
    void anotherStartReplacesIt();

private:
    [[nodiscard]] std::unique_ptr<SteppedTest> makeTest() const;
    [[nodiscard]] ParentTest::Request request(const config::Parent &parent) const
    {
        return { parent, "localhost", {}, {}, m_provider->server.serverPort() };
    }
    [[nodiscard]] static ParentTestOutcome run(SteppedTest &test,
                                               const ParentTest::Request &request);

    test::TestAuthority m_authority;
    std::shared_ptr<net::TlsClientConfig> m_tls;
    std::unique_ptr<Provider> m_provider;
};

void TstSteppedTest::initTestCase()
{
    QVERIFY(m_authority.isValid());
    const QString certificate = m_authority.issue(u"localhost"_s, u"DNS:localhost"_s);
    QVERIFY(!certificate.isEmpty());
    m_provider = std::make_unique<Provider>(certificate);
    m_tls = std::make_shared<net::TlsClientConfig>();
    m_tls->load(m_authority.caFile());
}

std::unique_ptr<SteppedTest> TstSteppedTest::makeTest() const
{
    const auto lookup = [](const QByteArray &name) {
        net::ResolveAnswer answer;
        answer.failed = !name.startsWith("fra.");
        answer.isUnknownName = answer.failed;
        if (!answer.failed)
            answer.addresses = { QHostAddress(QHostAddress::LocalHost) };
        return answer;
    };
    return std::make_unique<SteppedTest>(std::make_shared<net::Resolver>(lookup), m_tls);
}

ParentTestOutcome TstSteppedTest::run(SteppedTest &test, const ParentTest::Request &request)
{
    QSignalSpy finished(&test, &ParentTest::finished);
    test.start(request);
    if (!finished.isEmpty() || !QTest::qWaitFor([&] { return !finished.isEmpty(); }))
        qFatal("the test of the server does not end, or from inside the call");
    return finished.constFirst().constFirst().value<ParentTestOutcome>();
}

void TstSteppedTest::everyStepPasses()
{
    const Leader leader;
    m_provider->heard.clear();
    const auto test = makeTest();
    QSignalSpy progressed(test.get(), &ParentTest::progressed);
    const ParentTestOutcome outcome = run(*test, request(leader.parent()));
    QVERIFY2(outcome.isGood, outcome.reason.code());
    QCOMPARE(outcome.status, 401);
    QVERIFY(outcome.latency);
    QVERIFY(outcome.certificateUntil);
    QVERIFY(*outcome.certificateUntil > WallClock::now() + 24h * 300);
    for (int step = 0; step < parentStepCount; ++step)
        QVERIFY2(test->state(ParentStep(step)) == ParentStepState::Passed,
                 qPrintable(QString::number(step)));
    QVERIFY(progressed.size() >= 4);
    QVERIFY2(m_provider->heard.startsWith("GET / HTTP/1.1\r\nHost: localhost\r\n"),
             m_provider->heard.constData());
    QVERIFY(!m_provider->heard.contains("Authorization"));
}

void TstSteppedTest::theProvidersAnswerCounts_data()
{
    QTest::addColumn<QByteArray>("status");
    QTest::addColumn<bool>("isGood");
    QTest::newRow("200") << "200 OK"_ba << true;
    QTest::newRow("401 is all well") << "401 Unauthorized"_ba << true;
    QTest::newRow("404 is an answer") << "404 Not Found"_ba << true;
    QTest::newRow("403 is a refusal by place") << "403 Forbidden"_ba << false;
    QTest::newRow("451 is one too") << "451 Unavailable"_ba << false;
    QTest::newRow("503 is trouble of its own") << "503 Service Unavailable"_ba << false;
}

void TstSteppedTest::theProvidersAnswerCounts()
{
    QFETCH(const QByteArray, status);
    QFETCH(const bool, isGood);
    const Leader leader;
    m_provider->heard.clear();
    const QByteArray before =
        std::exchange(m_provider->answer, "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n");
    const auto test = makeTest();
    const ParentTestOutcome outcome = run(*test, request(leader.parent()));
    m_provider->answer = before;
    QCOMPARE(outcome.isGood, isGood);
    QCOMPARE(outcome.status, status.first(3).toInt());
    QVERIFY(outcome.last == ParentStep::Provider);
}

void TstSteppedTest::whatFailsIsTold_data()
{
    QTest::addColumn<QByteArray>("what");
    QTest::addColumn<int>("step");
    QTest::addColumn<QByteArray>("reason");
    QTest::newRow("no such name") << "name"_ba << int(ParentStep::Name) << "name_not_found"_ba;
    QTest::newRow("nothing listens")
        << "port"_ba << int(ParentStep::Tcp) << "connection_refused"_ba;
    QTest::newRow("no TLS there") << "clear"_ba << int(ParentStep::Tls) << QByteArray();
    QTest::newRow("another key") << "pin"_ba << int(ParentStep::Key) << "parent_pin"_ba;
    QTest::newRow("a certificate that nobody trusts")
        << "no pin"_ba << int(ParentStep::Key) << QByteArray();
    QTest::newRow("another password")
        << "password"_ba << int(ParentStep::SignIn) << "parent_credentials"_ba;
    QTest::newRow("no password") << "nobody"_ba << int(ParentStep::SignIn)
                                 << "parent_credentials"_ba;
    QTest::newRow("the provider is not reached from there")
        << "provider"_ba << int(ParentStep::Provider) << QByteArray();
    QTest::newRow("the server's own rules do not allow the provider")
        << "rule"_ba << int(ParentStep::Provider) << "parent_forbids"_ba;
}

void TstSteppedTest::whatFailsIsTold()
{
    QFETCH(const QByteArray, what);
    QFETCH(const int, step);
    QFETCH(const QByteArray, reason);
    QList<policy::HostEntry> allowed;
    if (what == "rule")
        allowed.append(policy::HostEntry::parse("other.example").value());
    const Leader leader(what == "clear" ? config::TlsMode::Off : config::TlsMode::Require, allowed);
    ParentTest::Request wanted = request(what == "clear" ? config::Parent() : leader.parent());
    config::Parent &parent = wanted.parent;
    QTcpServer closed;
    closed.listen(QHostAddress::LocalHost);
    const quint16 closedPort = closed.serverPort();
    closed.close();
    if (what == "name")
        parent.endpoint.host = "nowhere.example.com";
    if (what == "port")
        parent.endpoint.port = closedPort;
    if (what == "clear") {
        parent.kind = config::ParentKind::Https;
        parent.endpoint = { "fra.example.com", leader.engine.effective()->listening.port };
        parent.pins = { QByteArray(32, 'p') };
    }
    if (what == "pin")
        parent.pins = { QByteArray(32, 'p') };
    if (what == "no pin")
        parent.pins.clear();
    if (what == "password")
        parent.password = "other";
    if (what == "nobody")
        parent.user = parent.password = {};
    if (what == "provider")
        wanted.providerPort = closedPort;
    const auto test = makeTest();
    const ParentTestOutcome outcome = run(*test, wanted);
    QVERIFY(!outcome.isGood);
    QCOMPARE(int(outcome.last), step);
    if (!reason.isEmpty())
        QCOMPARE(QByteArray(outcome.reason.code()), reason);
    QVERIFY(!outcome.isLate);
    QCOMPARE(outcome.isWrongPin(), what == "pin");
    QCOMPARE(outcome.isForbidden(), what == "rule");
    for (int other = 0; other < parentStepCount; ++other) {
        const ParentStepState expected = other < step ? ParentStepState::Passed
            : other == step                           ? ParentStepState::Failed
                                                      : ParentStepState::Open;
        QVERIFY2(test->state(ParentStep(other)) == expected, qPrintable(QString::number(other)));
    }
}

void TstSteppedTest::nothingIsSentToAWrongKey()
{
    const Leader leader;
    config::Parent parent = leader.parent();
    parent.pins = { QByteArray(32, 'p') };
    const auto test = makeTest();
    QVERIFY(run(*test, request(parent)).isWrongPin());
    // It would be a finished request there, and a wrong password counted.
    QTest::qWait(0);
    for (const account::FinishedWork &work : leader.engine.finishedWork())
        QVERIFY2(work.method.isEmpty() && work.user.isEmpty(), work.method.constData());
}

void TstSteppedTest::clearTextHasNoKey()
{
    const Leader leader(config::TlsMode::Off);
    config::Parent parent;
    parent.kind = config::ParentKind::Http;
    parent.endpoint = { "127.0.0.1", leader.engine.effective()->listening.port };
    parent.user = user;
    parent.password = password;
    m_provider->heard.clear();
    const auto test = makeTest();
    QVERIFY(run(*test, request(parent)).isGood);
    for (const ParentStep step : { ParentStep::Name, ParentStep::Tls, ParentStep::Key })
        QVERIFY(test->state(step) == ParentStepState::LeftOut);
    for (const ParentStep step : { ParentStep::Tcp, ParentStep::SignIn, ParentStep::Provider })
        QVERIFY(test->state(step) == ParentStepState::Passed);
}

void TstSteppedTest::aSilentOneIsLate()
{
    QTcpServer silent;
    silent.listen(QHostAddress::LocalHost);
    const Leader leader;
    config::Parent parent = leader.parent();
    parent.endpoint.port = silent.serverPort();
    const auto test = makeTest();
    test->setTimeLimit(200ms);
    const ParentTestOutcome outcome = run(*test, request(parent));
    QVERIFY(outcome.last == ParentStep::Tls);
    QVERIFY(outcome.isLate);

    // And a provider that says nothing.
    const QByteArray before = std::exchange(m_provider->answer, {});
    m_provider->heard.clear();
    test->setTimeLimit(4s); // the steps before it have to be in time on a busy machine
    const ParentTestOutcome other = run(*test, request(leader.parent()));
    m_provider->answer = before;
    QVERIFY(other.last == ParentStep::Provider);
    QVERIFY(other.isLate);
}

/// The time runs out amid the last dial, whose own limit is later.
void TstSteppedTest::aLateLastDialDoesNotWaitForEver()
{
    const Leader leader;
    const QByteArray before = std::exchange(m_provider->answer, {});
    const auto test = makeTest();
    connect(test.get(), &ParentTest::progressed, test.get(), [&test] {
        if (test->state(ParentStep::Provider) == ParentStepState::Running)
            test->setTimeLimit(0ms);
    });
    const ParentTestOutcome outcome = run(*test, request(leader.parent()));
    m_provider->answer = before;
    QVERIFY(outcome.last == ParentStep::Provider);
    QVERIFY(outcome.isLate);
    QCOMPARE(QByteArray(outcome.reason.code()), "silence"_ba);
}

void TstSteppedTest::aCancelledOneSaysNothing()
{
    const Leader leader;
    const auto test = makeTest();
    QSignalSpy finished(test.get(), &ParentTest::finished);
    test->start(request(leader.parent()));
    test->cancel();
    QVERIFY(test->state(ParentStep::Name) == ParentStepState::Open);
    QTest::qWait(100);
    QVERIFY(finished.isEmpty());
}

void TstSteppedTest::anotherStartReplacesIt()
{
    const Leader leader;
    const auto test = makeTest();
    QSignalSpy finished(test.get(), &ParentTest::finished);
    ParentTest::Request wrong = request(leader.parent());
    wrong.parent.endpoint.host = "nowhere.example.com";
    test->start(wrong);
    m_provider->heard.clear();
    QVERIFY(run(*test, request(leader.parent())).isGood);
    QTRY_COMPARE(finished.size(), 1);
}

QTEST_MAIN(TstSteppedTest)
#include "tst_steppedtest.moc"
