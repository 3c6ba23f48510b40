// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Reads a request until it is known what to do with it. The proxy's own answers are in
// httpanswers.cpp, everything with an upstream is in httpforwarding.cpp.
#include "server/httpfront.h"

#include "server/admission.h"
#include "server/signin.h"
#include "server/statelog.h"

#include <utility>

namespace sami::server {

using account::ConnectionPhase;
using account::EndedBy;
using account::EndedHow;
using Mode = net::LingeringClose::Mode;

namespace {

constexpr char unit[] = "server.httpfront";

} // namespace

const char *toString(HttpFront::State state)
{
    switch (state) {
    case HttpFront::State::ReadHead:
        return "read_head";
    case HttpFront::State::SignIn:
        return "sign_in";
    case HttpFront::State::Discard:
        return "discard";
    case HttpFront::State::Dial:
        return "dial";
    case HttpFront::State::Exchange:
        return "exchange";
    case HttpFront::State::Deliver:
        return "deliver";
    }
    return "";
}

std::unique_ptr<Front> HttpFront::make(ClientLeg &leg)
{
    return std::make_unique<HttpFront>(leg);
}

HttpFront::HttpFront(ClientLeg &leg) : m_leg(leg), m_reading(leg), m_upstreams(leg) {}

HttpFront::~HttpFront() = default;

Step HttpFront::start()
{
    // Handles at once what another front has read. With the input in place, ReadHead would post a
    // Continue and handle it one turn of the event loop later.
    QByteArray ahead = std::exchange(m_leg.input, {});
    enter(State::ReadHead);
    if (ahead.isEmpty())
        return step::Stay {};
    m_leg.input = std::move(ahead);
    return readHead(FrontEvent::Continue);
}

Step HttpFront::handle(FrontEvent event)
{
    if (event == FrontEvent::SettingsChanged)
        m_upstreams.forgetOutdated();
    switch (m_state) {
    case State::ReadHead:
        return readHead(event);
    case State::SignIn:
        return signingIn(event);
    case State::Discard:
        return discard(event);
    case State::Dial:
        break; // the session handles the events of a dial
    case State::Exchange:
        return exchanging(event);
    case State::Deliver:
        return delivering(event);
    }
    return step::Stay {};
}

/// The only place where the state changes.
void HttpFront::enter(State state)
{
    logStateChange(unit, m_leg.record->id, m_state, state);
    m_state = state;
    switch (state) {
    case State::ReadHead:
        beginReading();
        break;
    case State::SignIn:
        break; // the head's deadline keeps running
    case State::Discard:
        m_leg.setPhase(ConnectionPhase::Closing);
        m_leg.deadline.arm(m_leg.active->settings.timeouts.header);
        m_leg.stream->setReadEnabled(true);
        m_leg.tellLater(FrontEvent::Continue);
        break;
    case State::Dial:
        break; // the session has a Dial state too, which sets phase and deadline
    case State::Exchange:
        m_leg.setPhase(ConnectionPhase::Exchange);
        m_leg.deadline.arm(exchangeLook());
        break;
    case State::Deliver: // keeps the phase of the exchange, and its silence watch
        forgetRequest();
        m_leg.stream->setReadEnabled(false);
        m_leg.input = {};
        m_leg.kept.giveBack();
        break;
    }
}

void HttpFront::beginReading()
{
    forgetRequest();
    m_discard.reset();
    m_retried = false;
    m_reading.begin(m_lastAnswerForwarded);
}

/// Gives back what the current request holds. Also called before Discard, because dropping a body
/// does not count as a user's work.
void HttpFront::forgetRequest()
{
    m_leg.userPlace.reset();
    m_leg.upstreamTls.reset();
    m_signIn.reset();
    m_intake.reset();
}

Step HttpFront::readHead(FrontEvent event)
{
    if (event == FrontEvent::ClientFailed)
        return step::Drop { account::clientEnding(m_leg.stream->end()) };
    HeadOutcome outcome = m_reading.handle(event);
    return std::visit([this](auto &&found) { return follow(std::forward<decltype(found)>(found)); },
                      std::move(outcome));
}

Step HttpFront::follow(reading::Waiting)
{
    return step::Stay {};
}

Step HttpFront::follow(reading::Ended)
{
    describeBegun();
    const net::StreamEnd end = m_leg.stream->end();
    if (!m_reading.hasStarted())
        return endBetweenRequests(account::idleClientEnding(end));
    account::Ending ending = account::clientEnding(end);
    if (ending.reason.isNone())
        ending.reason = account::Cause::RequestCut;
    return step::Drop { ending };
}

Step HttpFront::follow(reading::Spent)
{
    describeBegun();
    return answerAndClose(errorReply(OwnReply::Overloaded), EndedBy::Proxy, EndedHow::Limit);
}

Step HttpFront::follow(reading::Expired expired)
{
    describeBegun();
    return answerAndClose(errorReply(OwnReply::HeadTimeout, expired.limit), EndedBy::Proxy,
                          EndedHow::TimeoutHead);
}

Step HttpFront::follow(reading::Idle)
{
    return endBetweenRequests({ EndedBy::Proxy, EndedHow::TimeoutIdle });
}

Step HttpFront::follow(reading::Drained drained)
{
    if (drained.isAmidAnswer)
        return linger(Mode::Linger);
    return endBetweenRequests({ EndedBy::Proxy, EndedHow::Drained });
}

/// Lingers where a plain close would do harm. The client's next request and the last answer may
/// both be on their way: the close would answer the request with an RST, which destroys the answer.
Step HttpFront::endBetweenRequests(const account::Ending &ending)
{
    const bool isFirst = m_leg.record->requests.load(std::memory_order_relaxed) == 0;
    const net::StreamEnd end = m_leg.stream->end();
    const bool isAlive = end == net::StreamEnd::None || end == net::StreamEnd::Fin;
    // A client that has not taken what is pending here has had its time for it.
    if (isFirst || !isAlive || m_leg.stream->pendingBytes() > 0)
        return step::Drop { ending };
    const bool hasAll = m_leg.stream->undeliveredBytes() == 0;
    if (end == net::StreamEnd::Fin && hasAll) // nothing is on its way
        return step::Drop { ending };
    m_leg.postMortem.close(0, ending, Clock::now());
    step::Linger last = linger(Mode::Linger);
    last.isIdle = hasAll;
    return last;
}

Step HttpFront::follow(http::RequestHead head)
{
    Q_ASSERT(m_state == State::ReadHead);
    m_leg.adoptSettings();
    m_clientReadsOn = m_leg.hasEnded;
    // Warns even if the request is faulty: the password was on the wire.
    if (m_leg.lacksTls() && head.fields.contains("Proxy-Authorization"))
        m_leg.warnOfClearPassword();
    auto intake = readIntake(head);
    if (!intake) {
        m_leg.postMortem.describeRefused(head.method, head.target, true);
        return answerAndClose(intake.error(), EndedBy::Proxy, EndedHow::BadRequest);
    }
    m_intake = std::make_unique<Intake>(std::move(*intake));
    m_leg.postMortem.describe({}, m_intake->head.method, m_intake->loggedTarget(),
                              m_intake->target.endpoint);
    return authorize();
}

Step HttpFront::authorize()
{
    return follow(admit(*m_intake, *m_leg.active, *m_leg.context.shared, m_leg.record->caller(),
                        m_leg.place.crowding(),
                        m_leg.record->entrance.load(std::memory_order_relaxed)));
}

Step HttpFront::follow(Admission admission)
{
    if (admission.question)
        return beginSignIn(std::move(*admission.question));
    m_leg.postMortem.setUser(admission.user);
    if (admission.wouldRefuse != policy::Refusal::None)
        m_leg.postMortem.report(admission.wouldRefuse);
    if (!admission.answer) {
        m_leg.userPlace = std::move(admission.place);
        return beginDial();
    }
    const OwnAnswer &own = *admission.answer;
    return own.mustClose ? answerAndClose(own.reply, EndedBy::Proxy, own.how)
                         : answer(own.reply, EndedBy::Proxy, own.how);
}

// --- SignIn ---

Step HttpFront::beginSignIn(Gatekeeper::Question question)
{
    const qsizetype head = m_intake->heldBytes();
    if (!m_leg.chargeInput(head) && head > OctetBudget::Share::freePart)
        return answerAndClose(errorReply(OwnReply::Overloaded), EndedBy::Proxy, EndedHow::Limit);
    m_signIn = SignIn::begin(std::move(question), m_leg, m_intake->isConnect(), head);
    if (!m_signIn)
        return refuse(denialOfFullSignIn());
    enter(State::SignIn);
    return step::Stay {};
}

Step HttpFront::signingIn(FrontEvent event)
{
    Q_ASSERT(m_signIn && m_intake);
    const SignIn::Outcome outcome = m_signIn->handle(event);
    if (const auto *ending = std::get_if<account::Ending>(&outcome))
        return step::Drop { *ending };
    if (const auto *denial = std::get_if<Denial>(&outcome))
        return refuse(*denial);
    const auto *gate = std::get_if<Gatekeeper::GateResult>(&outcome);
    return gate ? conclude(*gate) : step::Stay {};
}

Step HttpFront::conclude(const Gatekeeper::GateResult &gate)
{
    m_signIn.reset();
    if (m_leg.active == m_leg.context.active)
        return follow(admitted(*m_intake, *m_leg.active, *m_leg.context.shared, gate));
    // Judge again by the current settings. If they have the same list, no second hash is needed.
    m_leg.adoptSettings();
    return authorize();
}

/// Ends the connection: no further request is read.
Step HttpFront::refuse(const Denial &denial)
{
    m_signIn.reset();
    return answerAndClose(denialReply(denial), EndedBy::Proxy, denial.how);
}

} // namespace sami::server
