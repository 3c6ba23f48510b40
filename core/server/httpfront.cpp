// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// A request, octet by octet, until it is known what to do about it. What is answered to it is in
// httpanswers.cpp, what has an upstream in it in httpforwarding.cpp.
#include "server/httpfront.h"

#include "base/logging.h"
#include "net/scratchbuffer.h"
#include "server/admission.h"

#include <algorithm>
#include <utility>

namespace sami::server {

using account::ConnectionPhase;
using account::EndedBy;
using account::endedHow;
using account::EndedHow;
using net::ByteStream;
using ReadStatus = ByteStream::ReadResult::Status;

namespace {

constexpr char unit[] = "server.httpfront";

/// Who is heard only for a status page, because all is full, is to ask at once: others wait.
constexpr std::chrono::milliseconds crowdedHeadTimeout { 5'000 };

bool isStay(const Step &step)
{
    return std::holds_alternative<step::Stay>(step);
}

} // namespace

const char *toString(HttpFront::State state)
{
    switch (state) {
    case HttpFront::State::ReadHead:
        return "read_head";
    case HttpFront::State::Discard:
        return "discard";
    case HttpFront::State::Dial:
        return "dial";
    case HttpFront::State::Exchange:
        return "exchange";
    }
    return "";
}

std::unique_ptr<Front> HttpFront::make(ClientLeg &leg)
{
    return std::make_unique<HttpFront>(leg);
}

HttpFront::HttpFront(ClientLeg &leg) : m_leg(leg), m_upstreams(leg) {}

HttpFront::~HttpFront() = default;

Step HttpFront::start()
{
    enter(State::ReadHead);
    return step::Stay {};
}

Step HttpFront::handle(FrontEvent event)
{
    if (event == FrontEvent::SettingsChanged)
        m_upstreams.forgetOutdated();
    switch (m_state) {
    case State::ReadHead:
        return readHead(event);
    case State::Discard:
        return discard(event);
    case State::Dial:
        break; // the session hears what there is to hear
    case State::Exchange:
        return exchanging(event);
    }
    return step::Stay {};
}

/// The only place where the state changes.
void HttpFront::enter(State state)
{
    logDebug(unit, "state", [&]() -> std::vector<LogField> {
        return { { "id", qint64(m_leg.record->id) },
                 { "from", QByteArray(toString(m_state)) },
                 { "to", QByteArray(toString(state)) } };
    });
    m_state = state;
    switch (state) {
    case State::ReadHead:
        beginReading();
        break;
    case State::Discard:
        m_leg.setPhase(ConnectionPhase::Closing);
        m_leg.deadline.arm(m_leg.active->settings.timeouts.header);
        m_leg.stream->setReadEnabled(true);
        m_leg.tellLater(FrontEvent::Continue);
        break;
    case State::Dial:
        break; // the session's
    case State::Exchange:
        m_leg.setPhase(ConnectionPhase::Exchange);
        m_leg.deadline.arm(exchangeLook());
        break;
    }
}

void HttpFront::beginReading()
{
    m_leg.setPhase(ConnectionPhase::AwaitingRequest);
    adoptSettings();
    m_intake.reset();
    m_discard.reset();
    m_retried = false;
    if (!m_upstreams.hasBoundTls())
        m_leg.tlsLeg.reset();
    m_leg.trimInput();
    m_leg.deadline.arm(idleTimeout());
    readWhenParsed();
    if ((!m_leg.input.isEmpty() || m_leg.hasEnded) && m_leg.stream->pendingBytes() == 0)
        m_leg.tellLater(FrontEvent::Continue);
}

/// Between two requests, where limits and timers may change without anybody's harm.
void HttpFront::adoptSettings()
{
    if (m_leg.adoptSettings())
        m_leg.applyTcpKeepalive();
    const http::HeadLimits &limits = m_leg.active->settings.limits.head;
    if (!m_parser || !(m_parser->limits() == limits))
        m_parser = std::make_unique<http::RequestHeadParser>(limits);
}

std::chrono::milliseconds HttpFront::headTimeout() const
{
    const std::chrono::milliseconds usual = m_leg.active->settings.timeouts.header;
    return m_leg.place.crowding() == Crowding::None ? usual : std::min(usual, crowdedHeadTimeout);
}

/// For the first octet of the next request.
std::chrono::milliseconds HttpFront::idleTimeout() const
{
    const config::TimeoutSettings &timeouts = m_leg.active->settings.timeouts;
    // A client that does not read its last answer gets no further one, and time to read it: as
    // long as a provider's answer may take, but not for a page of ours.
    if (m_leg.stream->pendingBytes() > 0)
        return m_owesAnswer ? timeouts.silence : headTimeout();
    return m_leg.record->requests.load() > 0 ? timeouts.keepAlive : headTimeout();
}

Step HttpFront::readHead(FrontEvent event)
{
    switch (event) {
    case FrontEvent::ClientReadable:
        return readClient();
    case FrontEvent::Continue:
        return parseInput();
    case FrontEvent::ClientDrained:
        m_leg.deadline.arm(idleTimeout());
        readWhenParsed();
        return parseInput();
    case FrontEvent::SettingsChanged:
        // A head that has begun keeps what it began with.
        if (!m_parser->hasSeenOctets()) {
            adoptSettings();
            m_leg.deadline.arm(idleTimeout());
        }
        return step::Stay {};
    case FrontEvent::ClientFailed:
        return step::Drop { { EndedBy::Client, endedHow(m_leg.stream->end()) } };
    case FrontEvent::DeadlineExpired:
        return handleExpired();
    case FrontEvent::DrainBegan:
        return drainWhenIdle();
    case FrontEvent::ExchangeFinished:
        break;
    }
    return step::Stay {};
}

/// Back-pressure on whoever pipelines: nothing is read while a request that came before is still to
/// be looked at, or an answer to be taken.
void HttpFront::readWhenParsed()
{
    m_leg.stream->setReadEnabled(!m_leg.hasEnded && m_leg.input.isEmpty()
                                 && m_leg.stream->pendingBytes() == 0);
}

Step HttpFront::readClient()
{
    char *buffer = net::scratchBuffer();
    const ByteStream::ReadResult read = m_leg.stream->read(buffer, m_leg.kept.readAheadLimit());
    switch (read.status) {
    case ReadStatus::WouldBlock:
        return step::Stay {};
    case ReadStatus::Ended:
        return endOfInput();
    case ReadStatus::Data:
        break;
    }
    m_leg.input.append(buffer, read.size);
    return parseInput();
}

Step HttpFront::handleExpired()
{
    if (std::optional<Step> next = lastLook())
        return std::move(*next);
    if (m_parser->hasStarted()) {
        describeBegun();
        return answerAndClose(errorReply(OwnReply::HeadTimeout, headTimeout()), EndedBy::Proxy,
                              EndedHow::TimeoutHead);
    }
    return step::Drop { { EndedBy::Proxy, EndedHow::TimeoutIdle } };
}

/// What is in the socket when the time is over came in time, though the event loop has not told of
/// it yet. What it leads to; nothing when it ends nobody's wait.
std::optional<Step> HttpFront::lastLook()
{
    if (!m_leg.stream->isReadEnabled())
        return std::nullopt;
    Step next = readClient();
    // A request that began or was answered has its own time, a head that was late already has none.
    if (isStay(next) && m_state == State::ReadHead && !m_leg.deadline.isArmed())
        return std::nullopt;
    return next;
}

/// Between two requests the connection closes. Whoever has not asked anything yet, and whoever's
/// next request has come already, still gets its 503.
Step HttpFront::drainWhenIdle()
{
    if (m_leg.postMortem.isOpen() || !m_leg.stream->isReadEnabled())
        return step::Stay {};
    Step next = readClient();
    if (!isStay(next) || m_state != State::ReadHead || m_leg.postMortem.isOpen())
        return next;
    return step::Drop { { EndedBy::Proxy, EndedHow::Drained } };
}

/// The client has ended and no whole request is left of what it said.
Step HttpFront::endOfInput()
{
    describeBegun();
    account::Reason reason;
    if (m_parser->hasStarted())
        reason = account::Cause::RequestCut;
    return step::Drop { { EndedBy::Client, endedHow(m_leg.stream->end()), reason } };
}

Step HttpFront::parseInput()
{
    Q_ASSERT(m_state == State::ReadHead && m_parser);
    if (m_leg.stream->pendingBytes() > 0)
        return step::Stay {};
    if (m_leg.input.isEmpty())
        return m_leg.hasEnded ? endOfInput() : step::Stay {};
    if (!m_parser->hasStarted())
        m_leg.postMortem.begin(Clock::now());
    // Once: the empty lines before a request are not to buy it more time.
    if (!m_parser->hasSeenOctets())
        m_leg.deadline.arm(headTimeout());
    const http::HeadProgress progress = m_parser->feed(m_leg.input);
    m_leg.postMortem.earn(progress.consumed);
    m_leg.input.remove(0, progress.consumed);
    if (m_leg.input.isEmpty() && m_leg.input.capacity() > ClientLeg::maxIdleCapacity)
        m_leg.input = {};
    switch (progress.status) {
    case http::HeadProgress::Status::NeedMore:
        break;
    case http::HeadProgress::Status::Failed:
        return refuseHead(progress.error.code);
    case http::HeadProgress::Status::Complete:
        return takeHead(m_parser->take());
    }
    if (!m_leg.keep(m_parser->heldBytes())) {
        describeBegun();
        return answerAndClose(errorReply(OwnReply::Overloaded), EndedBy::Proxy, EndedHow::Limit);
    }
    // What was cut by the FIN.
    if (m_leg.hasEnded)
        return endOfInput();
    readWhenParsed();
    return step::Stay {};
}

Step HttpFront::takeHead(http::RequestHead head)
{
    m_leg.active = m_leg.context.active;
    m_clientReadsOn = m_leg.hasEnded;
    auto intake = takeIn(head);
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
    Admission admission = admit(*m_intake, *m_leg.active, *m_leg.context.shared,
                                m_leg.record->client.address, m_leg.place.crowding());
    m_leg.postMortem.setUser(admission.user);
    if (admission.wouldRefuse != policy::Refusal::None)
        m_leg.postMortem.report(admission.wouldRefuse);
    if (!admission.answer)
        return beginDial();
    const OwnAnswer &own = *admission.answer;
    return own.mustClose ? answerAndClose(own.reply, EndedBy::Proxy, own.how)
                         : answer(own.reply, EndedBy::Proxy, own.how);
}

} // namespace sami::server
