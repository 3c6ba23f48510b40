// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"
#include "config/settings.h"
#include "gui/control/ownlistener.h"
#include "gui/control/testhttp.h"
#include "gui/control/tlsbridge.h"
#include "gui/text/testoutcome.h"

#include <QObject>
#include <QPointer>
#include <QSslError>
#include <QTimer>
#include <QUrl>

#include <array>
#include <chrono>
#include <optional>

class QSslSocket;

namespace sami::gui {

/// Sends one request to a provider through our own listener, as a client would, and reports it
/// stage by stage. Sends nothing before start(), and never a key or a body. Main thread; never
/// blocks.
///
///     what the proxy expects           how the test connects
///     clear text                       directly
///     only TLS                         over TLS, through a TlsBridge
///     a balancer's header              not at all: BalancerWanted
class ReachabilityTest : public QObject
{
    Q_OBJECT

public:
    struct Request
    {
        SocketAddress proxy; ///< where a client on this computer connects
        std::optional<policy::Credentials> credentials;
        QUrl target;             ///< https:// or http://
        QString caFile;          ///< PEM, in addition to the system's trust store; may be empty
        AnnounceOwn announce {}; ///< tells the proxy that this is not a client's connection
        bool requiresTls = false;
        bool expectsBalancer = false; ///< the proxy treats this computer as a balancer
    };
    static constexpr std::chrono::seconds defaultTimeLimit { 20 }; ///< all stages together

    explicit ReachabilityTest(QObject *parent = nullptr);
    ~ReachabilityTest() override;

    /// Cancels a running test silently and starts a new one.
    void start(const Request &request);
    void cancel();
    [[nodiscard]] bool isRunning() const { return m_isRunning; }
    [[nodiscard]] StageState state(TestStage stage) const { return m_states[size_t(stage)]; }
    void setTimeLimit(std::chrono::milliseconds limit) { m_timer.setInterval(limit); }

Q_SIGNALS:
    /// state() has changed.
    void progressed();
    void finished(const sami::gui::TestOutcome &outcome);

private:
    void connectSocket();
    void connectOverTls();
    void handleBridgeFailed(TlsBridge::Fault fault, const QString &problem);
    void handleConnected();
    void handleReadable();
    void handleEncrypted();
    void handleTlsErrors(const QList<QSslError> &errors);
    void handleError();
    void handleTimeout();
    void handleProxyAnswer(const TestAnswer &answer);
    void handleTargetAnswer(const TestAnswer &answer);
    [[nodiscard]] TestStage runningStage() const;
    void pass(TestStage stage);
    void fail(TestStage stage, TestVerdict verdict, int status = 0, const QString &detail = {});
    void finish(const TestOutcome &outcome);
    void dropSocket();
    [[nodiscard]] bool isTunnel() const { return isTunnelled(m_request.target); }

    Request m_request;
    std::array<StageState, testStageCount> m_states {};
    QPointer<QSslSocket> m_socket;
    QPointer<TlsBridge> m_bridge; ///< only if the proxy requires TLS
    AnswerReader m_answers;
    QTimer m_timer;
    bool m_isRunning = false;
};

} // namespace sami::gui
