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

#include <chrono>
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
        Tunnel,   ///< only the client uses it: the dial ends when the client leaves
        Exchange, ///< the front uses it: a FIN from the client does not end the dial
    };

    Endpoint endpoint;
    Kind kind = Kind::Tunnel;
    bool tls = false;
    QByteArray via {};       ///< the Via of a CONNECT to a parent, if there are parents
    qsizetype heldBytes = 0; ///< held by the front during the dial, without the read-ahead
};

/// Events for a front.
enum class FrontEvent {
    ClientReadable,
    ClientDrained,
    ClientFailed,
    Continue, ///< time to handle what was read ahead, or an end that was seen before
    DeadlineExpired,
    ExchangeFinished,
    PasswordJudged,    ///< SignIn::handle() has the verdict now
    RecordBudgetSpent, ///< the budget has no room for the partial TLS record of a head
    DrainBegan,
    SettingsChanged, ///< during a dial too
};

/// What a session does next for its front.
namespace step {

struct Stay ///< nothing; the front goes on
{};
struct Dial ///< the front is told how it went
{
    Journey journey;
};
/// Another front takes over the leg, with its stream (perhaps a new one) and what was read ahead.
/// This front ends.
struct Become
{
    std::unique_ptr<Front> front;
};
/// Both legs become a tunnel; what was read ahead goes to the other end. The front is over.
struct Tunnel
{
    net::StreamPtr upstream;
    int status = 0;      ///< sent to the client
    QByteArray early {}; ///< from the upstream, left over by the dial
};
struct Linger ///< the last answer is out and the account closed: the client's leg closes
{
    net::LingeringClose::Mode mode = net::LingeringClose::Mode::Linger;
    /// How long the client may go without taking any of what still waits for it.
    std::chrono::milliseconds patience = net::LingeringClose::maxLinger;
    bool isIdle = false; ///< the client has everything: a drain does not wait for its end
};
struct Drop ///< the connection ends now: for a client that is owed nothing
{
    account::Ending ending;
};
struct Over ///< the connection ends now; its account is closed already
{};

} // namespace step

using Step = std::variant<step::Stay, step::Dial, step::Become, step::Tunnel, step::Linger,
                          step::Drop, step::Over>;

/// Talks to the client: reads what it sends and answers it, or asks for a journey. Owned by a
/// session, which knows no protocol; a new protocol at the door is a new front.
///
/// Works on the session's ClientLeg, in the worker's thread. No call re-enters the session: later
/// events come through the event loop (ClientLeg::tellLater()).
class Front
{
    Q_DISABLE_COPY_MOVE(Front)

public:
    Front() = default;
    virtual ~Front();

    /// Called once, before anything else, from the event loop. ClientLeg::input holds what the
    /// client has sent to this front so far.
    [[nodiscard]] virtual Step start() = 0;
    /// Not called while a dial is under way, except for SettingsChanged.
    [[nodiscard]] virtual Step handle(FrontEvent event) = 0;
    /// Takes the result of the requested dial. `refusal` is the rule that rejected every address,
    /// if one did.
    [[nodiscard]] virtual Step dialled(Result<route::Dialled, net::DialError> result,
                                       const policy::Decision &refusal) = 0;

    /// What the client has seen, if the connection ends now.
    struct Standing
    {
        int status = 0;          ///< of the answer under way; 0: none
        bool needsReset = false; ///< an ordinary close would look like the end of that answer
    };
    [[nodiscard]] virtual Standing standing() const = 0;
};

/// Makes the front of a session, on that session's leg. The session's creator passes it in, because
/// the creator knows which protocols the door speaks and the session knows none.
using FrontFactory = std::function<std::unique_ptr<Front>(ClientLeg &leg)>;

} // namespace sami::server
