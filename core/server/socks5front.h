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
///       └───────────────┴──────────────────────────┴───────────────────────┴→ a refusal, and the
///       end
///
/// The method is chosen for whoever asks:
///
///   it offers          credentials are asked of it   nobody is asked
///   2, 0 as well       2                             0
///   2 alone            2                             2, and any pair will do, as in HTTP
///   0 alone            FF: credentials_missing       0
///   neither            FF: credentials_missing       FF: socks_method
///
/// In clear text where TLS is required every client hears FF, before it is asked for a password.
/// Credentials are asked of a client that may come in at all; others hear why not when they have
/// said where they want to go. A refusal is said in the words of the step that the client is at:
/// FF, status 1, or a reply with a code (replyCodeFor()). What was admitted is judged once more by
/// the settings of the moment in which the request is there.
///
/// Where there is a users file a password may need a slow hash. The client waits for it in SignIn,
/// and where the settings changed before the request came, once more in SecondSignIn. What it says
/// meanwhile is looked at later; one that leaves gives its place up.
///
/// The client has the time of a head for all of it together. What it says before the tunnel stands
/// is the tunnel's.
class Socks5Front final : public Front
{
public:
    enum class State {
        Greeting,       ///< waits for the methods
        Authentication, ///< waits for user and password
        SignIn,         ///< the password waits for its verdict; nothing was answered yet
        Request,        ///< waits for the destination
        SecondSignIn,   ///< the request is there, and the password waits for a verdict once more
        Dial,           ///< it was admitted; the session makes the way
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
    void adoptSettings();
    [[nodiscard]] Step read();
    [[nodiscard]] Step expire();
    [[nodiscard]] Step takeMessages();

    // One handler per state; nothing: the next state has its turn.
    [[nodiscard]] std::optional<Step> greet();
    [[nodiscard]] std::optional<Step> authenticate();
    [[nodiscard]] Step takeRequest();

    template <typename Message>
    [[nodiscard]] std::optional<Step> take(socks::Progress<Message> progress, Message &message);
    [[nodiscard]] bool areCredentialsAsked() const;
    [[nodiscard]] std::optional<Step> passGate();
    [[nodiscard]] std::optional<Step> beginSignIn(Gatekeeper::Question question);
    [[nodiscard]] Step signingIn(FrontEvent event);
    [[nodiscard]] Step conclude(Gatekeeper::Admission gate);
    [[nodiscard]] std::optional<Denial> heed(Gatekeeper::Admission gate);
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
    std::optional<policy::Credentials> m_given; ///< until the request was judged
    ActiveSettingsPtr m_passedBy;               ///< the settings by which the gate let it pass
    QByteArray m_user;                          ///< verified
    users::UserPtr m_member;                    ///< the same, where it is one of the users file
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
///   6 TTL expired           no answer in time, of the host or the name server: the code that is
///                           nearest, and what others send for it
///   1 general failure       over a limit, shutting down, short of resources, all else
[[nodiscard]] socks::ReplyCode replyCodeFor(const Denial &denial);
/// 7 and 8 for a command and an address type that are not served, else 1.
[[nodiscard]] socks::ReplyCode replyCodeFor(socks::Fault fault);

} // namespace sami::server
