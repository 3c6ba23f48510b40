// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// The parts of the HTTP front that have an upstream: a journey, an exchange, the start of a tunnel.
// The rest is in httpfront.cpp and httpanswers.cpp.
#include "net/connector.h"
#include "server/httpfront.h"
#include "server/travelrules.h"

#include <algorithm>
#include <utility>

namespace sami::server {

using account::EndedBy;
using account::EndedHow;
using account::howOf;
using Mode = net::LingeringClose::Mode;

namespace {

/// A live host acknowledges within a round trip; this covers four lost packets (RFC 6298: 0.2 s,
/// doubled each time).
constexpr std::chrono::milliseconds lostAfter { 3'000 };

} // namespace

Step HttpFront::beginDial()
{
    Q_ASSERT(m_intake && !m_exchange);
    const http::RequestTarget &target = m_intake->target;
    Journey journey;
    journey.endpoint = target.endpoint;
    journey.tls = !m_intake->isConnect() && target.scheme == http::Scheme::Https;
    journey.kind = m_intake->isConnect() ? Journey::Kind::Tunnel : Journey::Kind::Exchange;
    route::UpstreamKey key { journey.tls, journey.endpoint, {} };
    if (const auto &parents = m_leg.active->parents) {
        journey.via = viaOfJourney(m_intake->head.fields, m_leg.context.shared->pseudonym);
        key.route = parents->firstRoute(journey.endpoint, journey.via);
    }
    const bool mayReuse = !m_intake->isConnect() && !m_retried;
    if (mayReuse) {
        if (route::UpstreamConnection bound = m_upstreams.takeBound(key); bound.stream)
            return beginExchange(std::move(bound));
    }
    m_upstreams.keepBoundIfRoom();
    if (mayReuse) {
        if (route::UpstreamConnection pooled = m_upstreams.takePooled(key); pooled.stream) {
            if (!m_leg.chargeTls(key.tlsLegs())) {
                m_upstreams.keep(std::move(pooled));
                return answerAndClose(errorReply(OwnReply::Overloaded), EndedBy::Proxy,
                                      EndedHow::Limit);
            }
            return beginExchange(std::move(pooled));
        }
    }
    if (!reserve(journey))
        return answerAndClose(errorReply(OwnReply::Overloaded), EndedBy::Proxy, EndedHow::Limit);
    journey.heldBytes = m_intake->heldBytes();
    enter(State::Dial);
    return step::Dial { std::move(journey) };
}

/// Charges what this request holds while it waits for its upstream.
bool HttpFront::reserve(const Journey &journey)
{
    const qsizetype head = m_intake->heldBytes();
    if (!m_leg.chargeInput(head) && head > OctetBudget::Share::freePart)
        return false;
    return m_leg.chargeTls(m_leg.tlsLegsOf(journey));
}

Step HttpFront::dialled(Result<route::Dialled, net::DialError> result,
                        const policy::Decision &refusal)
{
    Q_ASSERT(m_state == State::Dial && m_intake);
    if (!result)
        return answerDialError(result.error(), refusal);
    if (m_intake->isConnect())
        return beginTunnel(std::move(*result));
    if (!result->early.isEmpty()) // octets before any request was sent
        return answerDialError(net::connectError(net::DialFault::ConnectionReset), refusal);
    route::UpstreamConnection connection;
    connection.key = { m_intake->target.scheme == http::Scheme::Https, m_intake->target.endpoint,
                       std::move(result->route) };
    connection.stream = std::move(result->stream);
    connection.generation = m_leg.active->generation;
    static_cast<void>(m_leg.chargeTls(connection.key.tlsLegs())); // no more than reserve() charged
    return beginExchange(std::move(connection));
}

Step HttpFront::answerDialError(const net::DialError &error, const policy::Decision &refusal)
{
    const Denial denial = denialOf(error, refusal, *m_leg.context.shared);
    return answer(denialReply(denial, m_leg.active->settings.timeouts.connect), EndedBy::Proxy,
                  denial.how);
}

Step HttpFront::beginTunnel(route::Dialled upstream)
{
    // RFC 9110 §9.3.6: no Content-Length, no Transfer-Encoding. From here on the proxy writes
    // nothing of its own.
    if (!m_leg.stream->write("HTTP/1.1 200 Connection established\r\n\r\n"))
        return step::Drop { account::clientEnding(m_leg.stream->end()) };
    // TLS inside the tunnel is not ours; TLS with a parent is.
    static_cast<void>(m_leg.chargeTls(int(upstream.route.leadingTls())));
    return step::Tunnel { std::move(upstream.stream), 200, std::move(upstream.early) };
}

// --- a forwarded request ---

Step HttpFront::beginExchange(route::UpstreamConnection upstream)
{
    if (m_leg.active->parents && upstream.isReused)
        m_leg.postMortem.setRoute(upstream.key.route.name(), !upstream.key.route.isDirect());
    Exchange::Setup setup;
    setup.intake = m_intake.get();
    setup.client = m_leg.stream.get();
    setup.clientInput = &m_leg.input;
    setup.clientEnded = m_leg.hasEnded;
    setup.clientReadsOn = m_clientReadsOn;
    setup.upstream = std::move(upstream);
    setup.kept = &m_leg.kept;
    setup.traffic = &m_leg.record->traffic;
    if (m_leg.active->settings.upstream.addsVia)
        setup.pseudonym = m_leg.context.shared->pseudonym;
    setup.keepAlive = m_leg.active->keepAlive;
    setup.draining = &m_leg.context.shared->draining;
    setup.tellFinished = [this](ExchangeResult::Next next) {
        // The answer is out: until this thread turns to it again, its client may ask elsewhere.
        if (next == ExchangeResult::Next::KeepClient || next == ExchangeResult::Next::CloseClient)
            m_leg.userPlace.reset();
        m_leg.tellLater(FrontEvent::ExchangeFinished);
    };
    m_exchange = std::make_unique<Exchange>(std::move(setup));
    m_silence = {};
    m_exchange->start();
    enter(State::Exchange);
    return step::Stay {};
}

Step HttpFront::exchanging(FrontEvent event)
{
    Q_ASSERT(m_exchange);
    switch (event) {
    case FrontEvent::ClientReadable:
        m_exchange->handleClientReadable();
        break;
    case FrontEvent::ClientDrained:
        m_exchange->handleClientDrained();
        break;
    case FrontEvent::ClientFailed:
        m_exchange->handleClientFailed();
        break;
    case FrontEvent::DeadlineExpired:
        checkSilence();
        break;
    case FrontEvent::ExchangeFinished:
        return finishExchange();
    case FrontEvent::Continue:
    case FrontEvent::DrainBegan:
    case FrontEvent::PasswordJudged:
    case FrontEvent::RecordBudgetSpent:
    case FrontEvent::SettingsChanged:
        break;
    }
    return step::Stay {};
}

Step HttpFront::finishExchange()
{
    using Next = ExchangeResult::Next;
    ExchangeResult result = m_exchange->takeResult();
    m_exchange.reset();
    m_leg.hasEnded = m_leg.hasEnded || result.clientEnded;
    if (result.upstream.stream && result.next != Next::Tunnel)
        m_upstreams.keep(std::move(result.upstream));
    switch (result.next) {
    case Next::Reply:
        if (result.endsClient)
            return answerAndClose(*result.reply, result.ending.by, result.ending.how);
        return answer(*result.reply, result.ending.by, result.ending.how);
    case Next::RetryFresh:
        m_retried = true;
        return beginDial();
    case Next::Tunnel:
        if (!result.upstreamInput.isEmpty())
            m_leg.stream->write(result.upstreamInput);
        return step::Tunnel { std::move(result.upstream.stream), result.status };
    default:
        m_leg.postMortem.close(result.status, result.ending, Clock::now());
        // A client that the proxy cuts gets no further time. A limit needs its memory now, and the
        // silence limit has already given it that time.
        m_lastAnswerForwarded = result.ending.by != EndedBy::Proxy;
        return endExchange(result.next);
    }
}

/// The answer went out, in full or in part.
Step HttpFront::endExchange(ExchangeResult::Next next)
{
    using Next = ExchangeResult::Next;
    switch (next) {
    case Next::KeepClient:
        // The answer's head announced a kept connection, because it went out before the drain
        // began.
        if (m_leg.context.shared->draining.load() && m_leg.input.isEmpty())
            return lingerOnceTaken();
        return nextRequest();
    case Next::CloseClient:
        return lingerOnceTaken();
    case Next::ResetClient:
        return linger(Mode::ResetWhenDelivered);
    default:
        return step::Over {};
    }
}

/// Closes the client's connection after an answer that went out. A client that reads slowly, or
/// pauses, has the silence limit to take the rest: lingering alone would lose it after two seconds.
Step HttpFront::lingerOnceTaken()
{
    if (m_leg.stream->pendingBytes() == 0)
        return linger(Mode::Linger);
    enter(State::Deliver);
    return delivering(FrontEvent::DeadlineExpired);
}

/// A client that reads a provider's answer slowly, or pauses, has the silence limit also for the
/// part that the kernel holds. A page of ours gives no extra time, because anybody can ask for one.
step::Linger HttpFront::linger(Mode mode) const
{
    step::Linger step { mode };
    if (m_lastAnswerForwarded)
        step.patience = std::max(step.patience, m_leg.active->settings.timeouts.silence);
    return step;
}

Step HttpFront::delivering(FrontEvent event)
{
    switch (event) {
    case FrontEvent::ClientDrained:
        return linger(Mode::Linger);
    case FrontEvent::ClientFailed:
        return step::Over {};
    case FrontEvent::DeadlineExpired:
        break;
    default:
        return step::Stay {};
    }
    const Clock::duration idle = Clock::now() - m_leg.record->traffic.lastActivity();
    const auto again = m_silence.look(idle, m_leg.active->settings.timeouts.silence,
                                      [this] { return m_leg.stream->undeliveredBytes(); });
    if (!again)
        return step::Linger {}; // it has had its time
    m_leg.deadline.arm(*again);
    return step::Stay {};
}

/// How soon to check an exchange for the first time.
std::chrono::milliseconds HttpFront::exchangeLook() const
{
    const std::chrono::milliseconds silence = m_leg.active->settings.timeouts.silence;
    return m_exchange->isUnproven() ? std::min(silence, lostAfter) : silence;
}

void HttpFront::checkSilence()
{
    const Clock::duration idle = Clock::now() - m_leg.record->traffic.lastActivity();
    if (m_exchange->isUnproven() && m_exchange->isUnacknowledged()) {
        if (idle < exchangeLook())
            m_leg.deadline.arm(std::chrono::ceil<std::chrono::milliseconds>(exchangeLook() - idle));
        else
            m_exchange->handleUnacknowledged();
        return;
    }
    const std::chrono::milliseconds limit = m_leg.active->settings.timeouts.silence;
    if (const auto again =
            m_silence.look(idle, limit, [this] { return m_exchange->undeliveredBytes(); }))
        m_leg.deadline.arm(*again);
    else
        m_exchange->handleSilence(limit);
}

Front::Standing HttpFront::standing() const
{
    if (m_state == State::Deliver) // a FIN would make the part that was sent look complete
        return { 0, m_leg.stream->pendingBytes() > 0 };
    if (!m_exchange)
        return {};
    return { m_exchange->status(), m_exchange->needsResetToCut() };
}

} // namespace sami::server
