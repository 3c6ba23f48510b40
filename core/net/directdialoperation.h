// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/exitroute.h"
#include "base/result.h"
#include "net/connector.h"
#include "net/deadline.h"
#include "net/dialer.h"
#include "net/extradescriptors.h"
#include "net/happyeyeballs.h"
#include "net/later.h"
#include "net/resolver.h"
#include "net/tlshandshake.h"

#include <memory>
#include <optional>
#include <vector>

namespace sami::net {

class TlsClientConfig;

/// One dial of a DirectDialer, from the name to the stream.
///
/// Cached addresses may be of a host that has moved: after nothing but failures, or when none has
/// answered within askAgainAfter, the name is looked up once more, and what is new is tried too.
///
///     the cached addresses       the name, asked again          then
///     all refused, TLS failed    has others                     they are tried
///                                has the same                   the failure stands
///                                has none that is allowed       AddressRefused
///                                does not exist                 DnsFailure
///                                no answer, askAgainPatience    the failure stands
///     none answers               has others                     they join the race
///
/// The deadline is one for all of it.
class DirectDialOperation final : public DialOperation
{
    Q_OBJECT

public:
    /// Where no packet is lost a connection takes one round trip.
    static constexpr std::chrono::milliseconds askAgainAfter { 2000 };
    /// How long a dial that has failed otherwise waits for what the name server says now.
    static constexpr std::chrono::milliseconds askAgainPatience { 3000 };

    /// `exit` is null where the system chooses.
    DirectDialOperation(DialRequest request, DialCallback callback, bool portable,
                        std::shared_ptr<const ExitRoute> exit);
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

    /// How old the addresses are.
    enum class Names {
        Current, ///< looked up by this dial, or a literal
        Cached,  ///< looked up by an earlier one
        Asked,   ///< the same, and being looked up again
    };

    void handleAnswer(const ResolveAnswer &answer);
    void askAgain();
    void handleSecondAnswer(const ResolveAnswer &answer);
    /// Why an answer without addresses has none.
    [[nodiscard]] std::optional<DialError> failureOf(const ResolveAnswer &answer) const;
    void handleAskAgainExpired();
    /// Those of its addresses that may be dialled; none where it has none, an error where none may.
    [[nodiscard]] Result<QList<QHostAddress>, DialError>
    allowedOf(const ResolveAnswer &answer) const;
    [[nodiscard]] ExitFamily family() const;
    void connectTo(const QList<QHostAddress> &addresses);
    void startDueAttempts();
    void makeRoomForAttempt();
    void handleConnected(Connector *connector);
    void handleAttemptFailed(Connector *connector, const DialError &error);
    void concludeIfExhausted();
    void startHandshakeWhenReady();
    void handleHandshakeFailed(const DialError &error);
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
    std::shared_ptr<const ExitRoute> m_exit;
    State m_state = State::Resolving;
    Names m_names = Names::Current;
    TimePoint m_started;
    DialTimings m_timings;
    Deadline m_deadline { this }; ///< of the whole dial
    Deadline m_nextAttempt { this };
    Deadline m_askAgain { this }; ///< until the second look-up begins, then until it is given up
    HappyEyeballs m_race { {} };
    std::vector<ConnectorPtr> m_attempts;          ///< the oldest first
    std::vector<ExtraDescriptors::Place> m_extras; ///< one for each attempt but one
    std::optional<DialError> m_worst; ///< of the attempts that failed, the most telling
    ConnectorPtr m_winner;            ///< until its stream goes into the handshake
    std::shared_ptr<const TlsContext> m_tlsContext;
    TlsHandshakePtr m_handshake;
};

} // namespace sami::net
