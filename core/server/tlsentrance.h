// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "door/clienthello.h"
#include "net/tlsacceptance.h"
#include "server/front.h"
#include "server/handshaketurns.h"

#include <memory>
#include <optional>

namespace sami::net {
class TlsContext;
}

namespace sami::server {

/// The front of a client that begins with TLS, if the door has an identity: does the handshake and
/// makes way for FirstOctets on the stream inside. Owned by the session, in the worker's thread.
///
///   Hello ─→ Turn ⇄ Answer
///
/// Until its ClientHello is complete, a client costs only what it has sent; after that, a
/// handshake's charge on the budget of clients' TLS. One header timeout runs from the accept,
/// through the handshake, to the end of the first head.
///
///     what happens                             the end, and its reason in the log
///     the client closes in the middle          by client: tls_cut
///     it sends an alert: no trust              by client: tls_untrusted
///     it sends another alert                   by client: tls_alert
///     nothing in common, or no TLS             by proxy, bad_request: tls_version, …
///     the header timeout; or it is silent      by proxy, timeout:head: tls_timeout
///     and gives way (HandshakeBounds)
///     no room in a budget                      by proxy, limit: kept_input, tls_full
///
/// None of these endings is answered, except by TLS's own alert. Their log lines are bounded in
/// number, like those of connections that get no session.
class TlsEntrance final : public Front
{
public:
    /// Whether the first octet on the leg begins TLS and the door can answer it.
    [[nodiscard]] static bool isFor(const ClientLeg &leg);

    explicit TlsEntrance(ClientLeg &leg);
    ~TlsEntrance() override;

    [[nodiscard]] Step start() override;
    [[nodiscard]] Step handle(FrontEvent event) override;
    /// Never called: this front asks for no journey.
    [[nodiscard]] Step dialled(Result<route::Dialled, net::DialError> result,
                               const policy::Decision &refusal) override;
    [[nodiscard]] Standing standing() const override { return {}; }

private:
    enum class State {
        Hello,  ///< reads until the ClientHello is complete
        Turn,   ///< waits for its turn to take a step; reads ahead a little
        Answer, ///< reads the client's answer to our last step
    };

    [[nodiscard]] Step read();
    [[nodiscard]] Step keepWaiting();
    [[nodiscard]] Step look(qsizetype from);
    [[nodiscard]] Step shake();
    [[nodiscard]] Step finish();
    [[nodiscard]] Step fail();
    void sayUntrusted() const;
    /// The client has gone.
    [[nodiscard]] Step cut();
    [[nodiscard]] Step end(account::Ending ending);
    void close(account::Ending ending);

    ClientLeg &m_leg;
    const std::shared_ptr<const net::TlsContext> m_context;
    State m_state = State::Hello;
    door::ClientHello m_hello;
    std::optional<HandshakeTurns::Claim> m_claim;     ///< none in a worker without turns
    std::unique_ptr<net::TlsAcceptance> m_acceptance; ///< set from the first step on
};

} // namespace sami::server
