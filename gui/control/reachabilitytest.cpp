// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/control/reachabilitytest.h"

#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslSocket>

namespace sami::gui {

using namespace Qt::StringLiterals;

namespace {

bool isDnsError(const QByteArray &error)
{
    return error.startsWith("dns_");
}

bool isTcpError(const QByteArray &error)
{
    return error == "connection_refused" || error == "connection_timeout"
        || error == "connection_terminated" || error == "destination_ip_unroutable";
}

} // namespace

ReachabilityTest::ReachabilityTest(QObject *parent) : QObject(parent)
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(defaultTimeLimit);
    connect(&m_timer, &QTimer::timeout, this, &ReachabilityTest::handleTimeout);
}

ReachabilityTest::~ReachabilityTest()
{
    dropSocket();
}

void ReachabilityTest::start(const Request &request)
{
    dropSocket();
    m_request = request;
    m_answers.reset();
    m_states.fill(StageState::Open);
    m_isRunning = true;
    const QUrl &target = request.target;
    const bool isPossible = target.isValid() && !target.host().isEmpty()
        && (isTunnel() || target.scheme() == "http"_L1);
    if (!isPossible) {
        fail(TestStage::Listening, TestVerdict::BadUrl);
        return;
    }
    if (request.expectsBalancer) {
        fail(TestStage::Listening, TestVerdict::BalancerWanted);
        return;
    }
    m_states[size_t(TestStage::Listening)] = StageState::Running;
    connectSocket();
    m_timer.start();
}

void ReachabilityTest::connectSocket()
{
    m_socket = new QSslSocket(this);
    connect(m_socket, &QSslSocket::connected, this, &ReachabilityTest::handleConnected);
    connect(m_socket, &QSslSocket::readyRead, this, &ReachabilityTest::handleReadable);
    connect(m_socket, &QSslSocket::encrypted, this, &ReachabilityTest::handleEncrypted);
    connect(m_socket, &QSslSocket::sslErrors, this, &ReachabilityTest::handleTlsErrors);
    connect(m_socket, &QSslSocket::errorOccurred, this, &ReachabilityTest::handleError,
            Qt::QueuedConnection);
    if (m_request.requiresTls)
        connectOverTls();
    else
        connectToOwnListener(*m_socket, m_request.proxy, m_request.announce);
}

void ReachabilityTest::connectOverTls()
{
    m_bridge = new TlsBridge(this);
    connect(m_bridge, &TlsBridge::opened, this,
            [this](const SocketAddress &place) { connectToOwnListener(*m_socket, place, {}); });
    connect(m_bridge, &TlsBridge::failed, this, &ReachabilityTest::handleBridgeFailed);
    m_bridge->open(m_request.proxy, m_request.announce);
}

void ReachabilityTest::handleBridgeFailed(TlsBridge::Fault fault, const QString &problem)
{
    if (!m_isRunning)
        return;
    switch (fault) {
    case TlsBridge::Fault::NotReached:
        fail(TestStage::Listening, TestVerdict::NotListening, 0, problem);
        break;
    case TlsBridge::Fault::NoTls:
        fail(TestStage::Listening, TestVerdict::DoorTlsFailed, 0, problem);
        break;
    case TlsBridge::Fault::NoPlace:
        fail(TestStage::Listening, TestVerdict::NoPlace, 0, problem);
        break;
    }
}

void ReachabilityTest::cancel()
{
    if (m_isRunning)
        finish({ TestVerdict::Cancelled, runningStage(), 0, {} });
}

void ReachabilityTest::handleTimeout()
{
    TestStage stage = runningStage();
    if (stage == TestStage::SignIn) {
        // A wrong password is answered at once, so the slow part is reaching the host.
        m_states[size_t(stage)] = StageState::Open;
        stage = TestStage::Tcp;
    }
    fail(stage, TestVerdict::TimedOut);
}

TestStage ReachabilityTest::runningStage() const
{
    for (int i = 0; i < testStageCount; ++i) {
        if (m_states[size_t(i)] == StageState::Running)
            return TestStage(i);
    }
    return TestStage::Listening;
}

void ReachabilityTest::handleConnected()
{
    // The socket to the bridge was not bound, so it has an address only now.
    if (m_bridge)
        m_bridge->expect({ m_socket->localAddress(), m_socket->localPort() });
    pass(TestStage::Listening);
    m_socket->write(isTunnel() ? tunnelRequest(m_request.target, m_request.credentials)
                               : targetRequest(m_request.target, m_request.credentials));
}

void ReachabilityTest::handleReadable()
{
    if (!m_isRunning)
        return;
    const auto answer = m_answers.take(m_socket->readAll());
    if (!answer)
        return;
    if (m_states[size_t(TestStage::Http)] == StageState::Running)
        handleTargetAnswer(*answer);
    else
        handleProxyAnswer(*answer);
}

void ReachabilityTest::handleProxyAnswer(const TestAnswer &answer)
{
    const int status = answer.status;
    const bool isForwarded = !isTunnel() && !answer.isFromProxy() && status != 407;
    if (status == 0 || (isTunnel() && status >= 300 && status != 407 && !answer.isFromProxy())) {
        // Our proxy does not answer like this: another program has the port.
        fail(TestStage::SignIn, TestVerdict::NotHttp, status);
        return;
    }
    const QString error = QString::fromLatin1(answer.proxyError);
    if (status == 407) {
        fail(TestStage::SignIn, TestVerdict::SignInRefused, status);
        return;
    }
    if (answer.isFromProxy() && status == 429) {
        fail(TestStage::SignIn, TestVerdict::GuesserBlocked, status);
        return;
    }
    if (answer.isFromProxy() && status == 503) {
        fail(TestStage::SignIn, TestVerdict::ProxyBusy, status, error);
        return;
    }
    if (answer.proxyError == "http_request_denied") {
        fail(TestStage::SignIn, TestVerdict::RuleForbids, status, error);
        return;
    }
    pass(TestStage::SignIn);
    if (isForwarded || (isTunnel() && status < 300)) {
        pass(TestStage::Dns);
        pass(TestStage::Tcp);
        if (isTunnel()) {
            QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
            if (!m_request.caFile.isEmpty())
                configuration.addCaCertificates(m_request.caFile);
            m_socket->setSslConfiguration(configuration);
            m_socket->setPeerVerifyName(m_request.target.host(QUrl::FullyEncoded));
            m_socket->startClientEncryption();
            return;
        }
        m_states[size_t(TestStage::Tls)] = StageState::LeftOut;
        m_states[size_t(TestStage::Http)] = StageState::Running;
        handleTargetAnswer(answer);
        return;
    }
    if (isDnsError(answer.proxyError)) {
        fail(TestStage::Dns, TestVerdict::DnsFailed, status, error);
        return;
    }
    pass(TestStage::Dns);
    if (answer.proxyError == "destination_ip_prohibited")
        fail(TestStage::Tcp, TestVerdict::PrivateTarget, status, error);
    else if (isTcpError(answer.proxyError))
        fail(TestStage::Tcp, TestVerdict::TcpFailed, status, error);
    else
        fail(TestStage::Tcp, TestVerdict::ProxyRefused, status, error);
}

void ReachabilityTest::handleTargetAnswer(const TestAnswer &answer)
{
    const int status = answer.status;
    if (status == 0) {
        fail(TestStage::Http, TestVerdict::NotHttp);
    } else if (status == 403 || status == 451) {
        fail(TestStage::Http, TestVerdict::ProviderForbids, status);
    } else if (status >= 500) {
        fail(TestStage::Http, TestVerdict::ServerError, status);
    } else {
        const TestVerdict verdict = status == 401 ? TestVerdict::KeyWanted
            : status == 429                       ? TestVerdict::RateLimited
                                                  : TestVerdict::Reachable;
        m_states[size_t(TestStage::Http)] = StageState::Passed;
        finish({ verdict, TestStage::Http, status, {} });
    }
}

void ReachabilityTest::handleEncrypted()
{
    if (!m_isRunning)
        return;
    pass(TestStage::Tls);
    m_socket->write(targetRequest(m_request.target, m_request.credentials));
}

void ReachabilityTest::handleTlsErrors(const QList<QSslError> &errors)
{
    if (m_isRunning)
        fail(TestStage::Tls, TestVerdict::TlsFailed, 0, errors.first().errorString());
}

void ReachabilityTest::handleError()
{
    if (!m_isRunning || !m_socket)
        return;
    const QString text = m_socket->errorString();
    switch (const TestStage stage = runningStage()) {
    case TestStage::Listening:
        fail(stage, TestVerdict::NotListening, 0, text);
        break;
    case TestStage::Tls:
        fail(stage, TestVerdict::TlsFailed, 0, text);
        break;
    default:
        fail(stage, TestVerdict::ClosedEarly);
        break;
    }
}

void ReachabilityTest::pass(TestStage stage)
{
    m_states[size_t(stage)] = StageState::Passed;
    if (const auto next = size_t(stage) + 1; next < m_states.size())
        m_states[next] = StageState::Running;
    QMetaObject::invokeMethod(this, &ReachabilityTest::progressed, Qt::QueuedConnection);
}

void ReachabilityTest::fail(TestStage stage, TestVerdict verdict, int status, const QString &detail)
{
    m_states[size_t(stage)] = StageState::Failed;
    finish({ verdict, stage, status, detail });
}

void ReachabilityTest::finish(const TestOutcome &outcome)
{
    m_isRunning = false;
    dropSocket();
    QMetaObject::invokeMethod(
        this,
        [this, outcome] {
            if (m_isRunning)
                return; // another test has begun
            Q_EMIT progressed();
            Q_EMIT finished(outcome);
        },
        Qt::QueuedConnection);
}

void ReachabilityTest::dropSocket()
{
    m_timer.stop();
    if (m_bridge) {
        m_bridge->disconnect(this);
        m_bridge->deleteLater();
        m_bridge = nullptr;
    }
    if (!m_socket)
        return;
    m_socket->disconnect(this);
    m_socket->abort();
    m_socket->deleteLater();
    m_socket = nullptr;
}

} // namespace sami::gui
