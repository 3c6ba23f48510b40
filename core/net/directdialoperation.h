// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "net/connector.h"
#include "net/deadline.h"
#include "net/dialer.h"
#include "net/extradescriptors.h"
#include "net/happyeyeballs.h"
#include "net/resolver.h"
#include "net/tlshandshake.h"

#include <QSslConfiguration>

#include <memory>
#include <optional>
#include <vector>

namespace sami::net {

class TlsClientConfig;

/// One dial of a DirectDialer, from the name to the stream.
class DirectDialOperation final : public DialOperation
{
    Q_OBJECT

public:
    DirectDialOperation(DialRequest request, DialCallback callback, bool portable);
    ~DirectDialOperation() override;

    /// `tls` may be null where the request asks for none. Both are kept until the dial is over:
    /// the dialer may be replaced meanwhile.
    void start(std::shared_ptr<Resolver> resolver, std::shared_ptr<TlsClientConfig> tls);
    void cancel() override;

protected:
    void timerEvent(QTimerEvent *event) override;

private:
    enum class State {
        Resolving,  ///< waiting for addresses
        Connecting, ///< attempts are racing
        Encrypting, ///< one has won; TLS, or waiting for the trust list
        Over,       ///< called back or cancelled
    };

    void handleAnswer(const ResolveAnswer &answer);
    void connectTo(const QList<QHostAddress> &addresses);
    void startDueAttempts();
    void makeRoomForAttempt();
    void handleConnected(Connector *connector);
    void handleAttemptFailed(Connector *connector, const DialError &error);
    void startHandshakeWhenReady();
    void handleEncrypted();
    void handleExpired();

    void finish(StreamPtr stream);
    void fail(DialError error);
    void stop();
    [[nodiscard]] Clock::duration elapsed() const;

    DialRequest m_request;
    DialCallback m_callback;
    std::shared_ptr<Resolver> m_resolver;
    std::shared_ptr<TlsClientConfig> m_tls;
    bool m_portable;
    State m_state = State::Resolving;
    TimePoint m_started;
    DialTimings m_timings;
    Deadline m_deadline { this }; ///< of the whole dial
    Deadline m_nextAttempt { this };
    HappyEyeballs m_race { {} };
    std::vector<ConnectorPtr> m_attempts;          ///< the oldest first
    std::vector<ExtraDescriptors::Place> m_extras; ///< one for each attempt but one
    std::optional<DialError> m_worst; ///< of the attempts that failed, the most telling
    ConnectorPtr m_winner;            ///< until its socket goes into the handshake
    std::optional<QSslConfiguration> m_tlsConfiguration;
    TlsHandshake *m_handshake = nullptr;
};

} // namespace sami::net
