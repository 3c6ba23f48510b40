// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/ending.h"
#include "base/endpoint.h"
#include "base/result.h"
#include "net/bytestream.h"
#include "net/lingeringclose.h"
#include "policy/decision.h"
#include "route/dialer.h"

#include <QByteArray>
#include <QtGlobal>

#include <functional>
#include <memory>
#include <variant>

namespace sami::server {

class Front;
struct ClientLeg;

/// Where a client wants to go: what a front asks its session to dial.
struct Journey
{
    enum class Kind : quint8 {
        Tunnel,   ///< nobody but the client speaks there: it is over when the client is gone
        Exchange, ///< the front has something to say there first
    };

    Endpoint endpoint;
    Kind kind = Kind::Tunnel;
    bool tls = false;
    QByteArray via {};       ///< of a CONNECT at a parent, where there are parents
    qsizetype heldBytes = 0; ///< what the front keeps meanwhile, beside what was read ahead
};

/// What a front hears of.
enum class FrontEvent {
    ClientReadable,
    ClientDrained,
    ClientFailed,
    Continue, ///< octets that were read ahead wait
    DeadlineExpired,
    ExchangeFinished,
    PasswordJudged, ///< SignIn::verdict() is there
    InputSpent,     ///< no room for what TLS keeps of a head that has come in part
    DrainBegan,
    SettingsChanged, ///< during a dial too
};

/// What a session does next for its front.
namespace step {

struct Stay ///< nothing; the front goes on
{};
struct Dial ///< then the front is told how it went
{
    Journey journey;
};
/// Another front goes on with what the leg has: its stream, which may be a new one by now, and what
/// was read ahead. This front is over.
struct Become
{
    std::unique_ptr<Front> front;
};
/// Both legs become a tunnel; what was read ahead goes to the other end. The front is over.
struct Tunnel
{
    net::StreamPtr upstream;
    int status = 0;      ///< that the client was told
    QByteArray early {}; ///< of the upstream's, as the dial has left it
};
struct Linger ///< the last answer is out: the client's leg closes. The account is closed already
{
    net::LingeringClose::Mode mode = net::LingeringClose::Mode::Linger;
};
struct Drop ///< the connection ends now
{
    account::Ending ending;
};
struct Over ///< the same, and the account is closed already
{};

} // namespace step

using Step = std::variant<step::Stay, step::Dial, step::Become, step::Tunnel, step::Linger,
                          step::Drop, step::Over>;

/// Speaks with the client: reads what it says and answers it, or asks for a journey. Owned by a
/// session, which knows no protocol; a new protocol at the door is a new front.
///
/// Works on the session's ClientLeg, in the worker's thread. No call leads back into the session:
/// what comes later comes as an event of its own (ClientLeg::tellLater()).
class Front
{
    Q_DISABLE_COPY_MOVE(Front)

public:
    Front() = default;
    virtual ~Front();

    /// Once, before anything else; from the event loop. What lies in ClientLeg::input is the first
    /// that the client said to this front.
    [[nodiscard]] virtual Step start() = 0;
    /// Not while a dial that it asked for is under way, but for SettingsChanged.
    [[nodiscard]] virtual Step handle(FrontEvent event) = 0;
    /// How the dial went that it asked for. `refusal` is the rule that let no address pass, if one
    /// did.
    [[nodiscard]] virtual Step dialled(Result<route::Dialled, net::DialError> result,
                                       const policy::Decision &refusal) = 0;

    /// What the client has been told, should the connection end now.
    struct Standing
    {
        int status = 0;          ///< of the answer under way; 0: none
        bool needsReset = false; ///< an ordinary close would look like the end of that answer
    };
    [[nodiscard]] virtual Standing standing() const = 0;
};

/// Makes the front of a session, on that session's leg. Whoever makes the session hands it in: it
/// knows what is spoken at the door, and the session does not even name a protocol.
using FrontFactory = std::function<std::unique_ptr<Front>(ClientLeg &leg)>;

} // namespace sami::server
