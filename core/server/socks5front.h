// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "policy/accessrules.h"
#include "server/clientleg.h"
#include "server/denial.h"
#include "server/front.h"
#include "socks/messages.h"
#include "socks/reading.h"

#include <memory>
#include <optional>

namespace sami::server {

class SignIn;

/// Speaks SOCKS5 with the client (RFC 1928, RFC 1929): one CONNECT, which becomes a tunnel or is
/// refused. Owned by the session, in the worker's thread.
///
///   Greeting → ┬──────────────────────────────→ Request → (SecondSignIn →) Dial → (a tunnel)
///       │      └→ Authentication → (SignIn →) ┘    │                       │
///       └───────────────┴──────────────────────────┴───────────────────────┴→ a refusal, the end
///
/// The method depends on what the client offers:
///
///   it offers          credentials are required      no credentials are required
///   2, 0 as well       2                             0
///   2 alone            2                             2, and any pair will do, as in HTTP
///   0 alone            FF: credentials_missing       0
///   neither            FF: credentials_missing       FF: socks_method
///
/// In clear text where TLS is required, every client gets FF before it is asked for a password.
/// Only a client that may use the proxy at all is asked for credentials; others are told why not
/// once they have named their destination. A refusal takes the form of the client's current step:
/// FF, status 1, or a reply with a code (replyCodeFor()). An admitted client is judged again by the
/// settings in force when its request arrives.
///
/// With a users file, a password may need a slow hash. The client waits for it in SignIn, and again
/// in SecondSignIn if the settings change before the request arrives. What it sends meanwhile is
/// handled later; if it leaves, it gives up its place.
///
/// The client has the time of one head for all of this. What it sends after its request belongs to
/// the tunnel.
class Socks5Front final : public Front
{
public:
    enum class State {
        Greeting,       ///< waits for the methods
        Authentication, ///< waits for user and password
        SignIn,         ///< the password waits for its verdict; nothing has been answered yet
        Request,        ///< waits for the destination
        SecondSignIn,   ///< the request is here; the password waits for a second verdict
        Dial,           ///< admitted; the session dials
    };

    explicit Socks5Front(ClientLeg &leg);
    ~Socks5Front() override;

    [[nodiscard]] Step start() override;
    [[nodiscard]] Step handle(FrontEvent event) override;
    [[nodiscard]] Step dialled(Result<route::Dialled, net::DialError> result,
                               const policy::Decision &refusal) override;
    [[nodiscard]] Standing standing() const override { return {}; }

private:
    void enter(State state);
    [[nodiscard]] Step read();
    [[nodiscard]] Step expire();
    [[nodiscard]] Step takeMessages();

    // One handler per state. No step means: go on with the next state.
    [[nodiscard]] std::optional<Step> greet();
    [[nodiscard]] std::optional<Step> authenticate();
    [[nodiscard]] Step takeRequest();

    template <typename Message>
    [[nodiscard]] std::optional<Step> take(socks::Progress<Message> progress, Message &message);
    [[nodiscard]] bool areCredentialsAsked() const;
    [[nodiscard]] std::optional<Step> passGate();
    [[nodiscard]] std::optional<Step> beginSignIn(Gatekeeper::Question question);
    [[nodiscard]] Step signingIn(FrontEvent event);
    [[nodiscard]] Step conclude(Gatekeeper::GateResult gate);
    [[nodiscard]] std::optional<Denial> applyGateResult(Gatekeeper::GateResult gate);
    [[nodiscard]] Step welcome();
    [[nodiscard]] Step judge();
    [[nodiscard]] std::optional<Denial> judgeDestination();
    [[nodiscard]] Step beginDial();

    [[nodiscard]] std::optional<Step> say(const QByteArray &octets);
    [[nodiscard]] Step drop();
    [[nodiscard]] Step refuse(const Denial &denial);
    [[nodiscard]] Step refuse(socks::Fault fault);
    [[nodiscard]] Step refuse(socks::ReplyCode code, int status, const account::Ending &ending);

    ClientLeg &m_leg;
    State m_state = State::Greeting;
    std::optional<policy::Credentials> m_given; ///< until the request is judged
    ActiveSettingsPtr m_passedBy;               ///< in force when it was admitted
    QByteArray m_user;                          ///< verified
    users::UserPtr m_member;                    ///< the same user, if it is in the users file
    std::unique_ptr<SignIn> m_signIn;           ///< in SignIn and SecondSignIn
    Endpoint m_destination;
};

[[nodiscard]] const char *toString(Socks5Front::State state);

/// RFC 1928 §6:
///
///   2 not allowed           every access rule, here and at a parent; a loop
///   3 network unreachable   no route; no address of the family that PROXY_EXIT_FAMILY wants
///   4 host unreachable      no such name, or its look-up failed; a parent cannot reach it
///   5 refused               the host refused, or cut the connection at once
///   6 TTL expired           no answer in time from the host or the name server: the nearest code,
///                           and the one that others send for it
///   1 general failure       over a limit, shutting down, short of resources, anything else
[[nodiscard]] socks::ReplyCode replyCodeFor(const Denial &denial);
/// 7 and 8 for a command and an address type that are not supported, otherwise 1.
[[nodiscard]] socks::ReplyCode replyCodeFor(socks::Fault fault);

} // namespace sami::server
