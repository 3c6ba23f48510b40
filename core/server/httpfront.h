// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "server/bodydiscard.h"
#include "server/clientleg.h"
#include "server/exchange.h"
#include "server/front.h"
#include "server/headreading.h"
#include "server/intake.h"
#include "server/keptupstreams.h"
#include "server/reply.h"
#include "server/silencewatch.h"

#include <chrono>
#include <memory>
#include <optional>

namespace sami::server {

class SignIn;
struct Admission;

/// Speaks HTTP/1.1 with the client: one request after another is answered, forwarded or turned into
/// a tunnel (RFC 9112 §3.2, RFC 9110 §9.3.6).
///
///     state       leads to
///     ReadHead    SignIn; Dial; Exchange, over a kept connection; or an answer
///     SignIn      Dial; Exchange; or an answer
///     Dial        a tunnel (CONNECT); Exchange; or an answer
///     Exchange    ReadHead; a tunnel (101); Dial, once more; Deliver; or an answer
///     an answer   Discard, if the request has a body; otherwise ReadHead
///     Discard     ReadHead
///     Deliver     nothing: the connection ends
///
/// The connection may also end in any of them.
///
/// With a users file, a request may wait in SignIn after ReadHead. The deadline of its head keeps
/// running, and its memory is charged like a head's. Meanwhile:
///
///     while it waits                      the request
///     the client leaves                   is dropped; a FIN does not drop a forwarded request
///     the client sends more               goes on; the octets wait, within the budget
///     the time of the head is over        503 sign_in_full
///     the proxy shuts down                503 draining, at once
///     settings or users change            is judged again from the start after its verdict
class HttpFront final : public Front
{
public:
    enum class State {
        ReadHead, ///< waits for a request or is inside its head
        SignIn,   ///< a request waits for the verdict on its password
        Discard,  ///< answered; drops the request's body so that the connection can be reused
        Dial,     ///< the request is authorised; the session dials
        Exchange, ///< a request is being forwarded
        Deliver,  ///< the last answer is complete; the client has not taken all of it
    };

    /// A FrontFactory.
    [[nodiscard]] static std::unique_ptr<Front> make(ClientLeg &leg);

    explicit HttpFront(ClientLeg &leg);
    ~HttpFront() override;

    [[nodiscard]] Step start() override;
    [[nodiscard]] Step handle(FrontEvent event) override;
    [[nodiscard]] Step dialled(Result<route::Dialled, net::DialError> result,
                               const policy::Decision &refusal) override;
    [[nodiscard]] Standing standing() const override;

private:
    void enter(State state);
    void beginReading();
    void forgetRequest();

    // One handler per state.
    [[nodiscard]] Step readHead(FrontEvent event);
    [[nodiscard]] Step signingIn(FrontEvent event);
    [[nodiscard]] Step discard(FrontEvent event);
    [[nodiscard]] Step exchanging(FrontEvent event);
    [[nodiscard]] Step delivering(FrontEvent event);

    // ReadHead: one overload for each outcome.
    [[nodiscard]] Step follow(reading::Waiting);
    [[nodiscard]] Step follow(http::RequestHead head);
    [[nodiscard]] Step follow(http::HeadFault fault);
    [[nodiscard]] Step follow(reading::Ended);
    [[nodiscard]] Step follow(reading::Spent);
    [[nodiscard]] Step follow(reading::Expired expired);
    [[nodiscard]] Step follow(reading::Idle);
    [[nodiscard]] Step follow(reading::Drained drained);
    [[nodiscard]] Step endBetweenRequests(const account::Ending &ending);
    void describeBegun();
    [[nodiscard]] Step authorize();
    [[nodiscard]] Step follow(Admission admission);
    [[nodiscard]] Step beginSignIn(Gatekeeper::Question question);
    [[nodiscard]] Step conclude(const Gatekeeper::GateResult &gate);
    [[nodiscard]] Step refuse(const Denial &denial);

    // Own answers
    /// Sends an answer of our own and closes the request's account.
    [[nodiscard]] Step answer(const Reply &reply, account::EndedBy by, account::EndedHow how);
    [[nodiscard]] Step answerAndClose(const Reply &reply, account::EndedBy by,
                                      account::EndedHow how);
    [[nodiscard]] bool keepsAfterReply(int status) const;
    [[nodiscard]] Step nextRequest();

    // Upstream
    [[nodiscard]] Step beginDial();
    [[nodiscard]] bool reserve(const Journey &journey);
    [[nodiscard]] Step answerDialError(const net::DialError &error,
                                       const policy::Decision &refusal);
    [[nodiscard]] Step beginTunnel(route::Dialled upstream);
    [[nodiscard]] Step beginExchange(route::UpstreamConnection upstream);
    [[nodiscard]] Step finishExchange();
    [[nodiscard]] Step endExchange(ExchangeResult::Next next);
    [[nodiscard]] Step lingerOnceTaken();
    [[nodiscard]] step::Linger linger(net::LingeringClose::Mode mode) const;
    [[nodiscard]] std::chrono::milliseconds exchangeLook() const;
    void checkSilence();

    ClientLeg &m_leg;
    State m_state = State::ReadHead;
    HeadReading m_reading; ///< in ReadHead
    KeptUpstreams m_upstreams;
    /// The last answer that went out came from an upstream, and the proxy has not cut it: the
    /// client has longer to read it.
    bool m_lastAnswerForwarded = false;

    // The current request.
    std::unique_ptr<Intake> m_intake;
    bool m_clientReadsOn = false; ///< its FIN came during an earlier request, and it still reads
    bool m_retried = false;
    std::unique_ptr<SignIn> m_signIn;       ///< in SignIn
    std::unique_ptr<BodyDiscard> m_discard; ///< in Discard
    std::unique_ptr<Exchange> m_exchange;   ///< in Exchange
    SilenceWatch m_silence;
};

[[nodiscard]] const char *toString(HttpFront::State state);

} // namespace sami::server
