// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// The part of a session's story that has an upstream in it: Dial, Exchange, Tunnel. How it begins
// and how it ends is in session.cpp.
#include "base/logging.h"
#include "net/scratchbuffer.h"
#include "policy/specialaddresses.h"
#include "server/session.h"

#include <QCoreApplication>
#include <QEvent>

#include <algorithm>
#include <utility>

namespace sami::server {

using net::ByteStream;
using net::LingeringClose;
using ReadStatus = ByteStream::ReadResult::Status;

namespace {

constexpr char unit[] = "server.session";

/// How long a peer that has not acknowledged everything is watched before it counts as silent.
constexpr std::chrono::milliseconds deliveryLook { 5'000 };
/// A host that lives acknowledges what it got within a round trip; this covers four lost packets
/// (RFC 6298: 0.2 s, doubled each time).
constexpr std::chrono::milliseconds lostAfter { 3'000 };

} // namespace

// --- Dial ---

Session::State Session::beginDial()
{
    const http::RequestTarget &target = m_intake->target;
    net::DialRequest request;
    request.endpoint = target.endpoint;
    request.tls = !m_intake->isConnect() && target.scheme == http::Scheme::Https;
    const net::UpstreamKey key { request.tls, request.endpoint };
    const bool mayReuse = !m_intake->isConnect() && !m_retried;
    if (mayReuse) {
        if (net::UpstreamConnection bound = takeBound(key); bound.stream)
            return beginExchange(std::move(bound));
    }
    keepBoundIfRoom();
    if (mayReuse) {
        if (net::UpstreamConnection pooled = m_context.pool->take(key); pooled.stream) {
            if (request.tls && !chargeTls()) {
                m_context.pool->put(std::move(pooled));
                return answerAndClose(errorReply(OwnReply::Overloaded), EndedBy::Proxy,
                                      EndedHow::Limit);
            }
            return beginExchange(std::move(pooled));
        }
    }
    if (!reserve(request.tls))
        return answerAndClose(errorReply(OwnReply::Overloaded), EndedBy::Proxy, EndedHow::Limit);
    request.client = m_record->client.address;
    request.timeout = m_active->settings.timeouts.connect;
    request.tcpKeepaliveSeconds =
        static_cast<int>(m_active->settings.timeouts.tcpKeepalive.count());
    request.addressFilter = [this](const QHostAddress &address) { return addressPasses(address); };
    m_addressRefusal = {};
    m_dialResult.reset();
    m_dial = m_active->dialer->dial(request, [this](Result<net::Dialled, net::DialError> result) {
        m_dialResult.emplace(std::move(result));
        advance(Event::Dialled);
    });
    return State::Dial;
}

/// Charges what this request keeps while it waits for its upstream.
bool Session::reserve(bool tls)
{
    const qsizetype head = m_intake->heldBytes();
    if (!keep(head) && head > OctetBudget::Share::freePart)
        return false;
    return !tls || chargeTls();
}

bool Session::chargeTls()
{
    if (!m_tlsLeg)
        m_tlsLeg = std::make_unique<OctetBudget::Share>(m_context.shared->tlsLegs);
    return m_tlsLeg->hold(net::tlsLegCost);
}

bool Session::addressPasses(const QHostAddress &address)
{
    // The address that the client itself reached us at may be known to no interface list (it
    // changed a second ago): it is one of ours all the same.
    const SocketAddress local = m_client->localAddress();
    const policy::OwnNetworks &own = m_active->ownNetworks;
    const Endpoint &wanted = m_intake->target.endpoint;
    policy::Decision decision =
        m_active->policy.destinations().checkAddress(address, own, local.address);
    if (decision.isAllowed()) {
        decision = policy::DestinationRules::checkLoop(
            { address, wanted.port }, { m_active->settings.listen.address, local.port }, own,
            local.address);
    }
    if (decision.isAllowed())
        return true;
    // Only a name can have an address that was made up for it; a literal is the client's own word.
    if (decision.refusal == policy::Refusal::PrivateTarget && policy::isFakeAddress(address)
        && !wanted.literalAddress())
        decision.refusal = policy::Refusal::FakeAddress;
    // Of several addresses of a name the fake one says most.
    if (m_addressRefusal.refusal != policy::Refusal::FakeAddress)
        m_addressRefusal = decision;
    return false;
}

/// Of the same user too: a balancer in front of us may lead several over one connection.
net::UpstreamConnection Session::takeBound(const net::UpstreamKey &key)
{
    forgetBound();
    if (!m_bound || !(m_bound->connection.key == key) || m_bound->user != m_postMortem.user())
        return {};
    net::UpstreamConnection connection = std::move(m_bound->connection);
    m_bound.reset();
    if (!connection.stream->isSilent())
        return {};
    return connection;
}

/// Beside the upstream connection that a request is about to get, a bound one is this client's
/// third descriptor.
void Session::keepBoundIfRoom()
{
    if (!m_bound || m_bound->place.isTaken())
        return;
    m_bound->place = net::extraDescriptors().take();
    if (!m_bound->place.isTaken())
        m_bound.reset();
}

Session::State Session::dialling(Event event)
{
    switch (event) {
    case Event::ClientReadable:
        return readAhead();
    case Event::ClientFailed:
        return dropClient(EndedBy::Client, endedHow(m_client->end()));
    case Event::Dialled:
        return takeDialResult();
    default:
        return m_state;
    }
}

Session::State Session::readAhead()
{
    char *buffer = net::scratchBuffer();
    const qsizetype room = m_kept.readAheadLimit() - m_input.size();
    if (room <= 0) { // the budget was spent meanwhile
        m_client->setReadEnabled(false);
        return m_state;
    }
    const ByteStream::ReadResult read = m_client->read(buffer, room);
    switch (read.status) {
    case ReadStatus::WouldBlock:
        break;
    case ReadStatus::Data:
        m_input.append(buffer, read.size);
        static_cast<void>(keep(m_intake->heldBytes()));
        m_client->setReadEnabled(m_input.size() < m_kept.readAheadLimit());
        break;
    case ReadStatus::Ended:
        // Nobody is there for a tunnel; a forwarded request may have been said in full.
        if (m_intake->isConnect() || m_client->end() != net::StreamEnd::Fin)
            return dropClient(EndedBy::Client, endedHow(m_client->end()));
        m_clientEnded = true;
        m_client->setReadEnabled(false);
        break;
    }
    return m_state;
}

Session::State Session::takeDialResult()
{
    m_dial.reset();
    Result<net::Dialled, net::DialError> result = std::move(*m_dialResult);
    m_dialResult.reset();
    if (!result)
        return handleDialError(result.error());
    const net::DialTimings &timings = result->timings;
    m_postMortem.setDial(std::max(timings.connected, timings.encrypted));
    if (m_intake->isConnect())
        return beginTunnel(std::move(result->stream));
    net::UpstreamConnection connection;
    connection.key = { m_intake->target.scheme == http::Scheme::Https, m_intake->target.endpoint };
    connection.stream = std::move(result->stream);
    connection.generation = m_active->generation;
    return beginExchange(std::move(connection));
}

Session::State Session::handleDialError(const net::DialError &error)
{
    if (error.fault == net::DialFault::AddressRefused && !m_addressRefusal.isAllowed()) {
        if (m_addressRefusal.refusal == policy::Refusal::FakeAddress
            && !m_context.shared->saidFakeAddress.exchange(true)) {
            logInfo(
                unit,
                "names get fake-IP addresses here, as from Clash, sing-box and the like: "
                "ALLOW_PRIVATE_TARGETS=198.18.0.0/15 (IPv6: fc00::/18) lets clients reach them");
        }
        return answer(refusalReply(m_addressRefusal), EndedBy::Proxy, EndedHow::Refused);
    }
    const bool isTimeout =
        error.fault == net::DialFault::ConnectTimeout || error.fault == net::DialFault::DnsTimeout;
    return answer(dialErrorReply(error, m_active->settings.timeouts.connect), EndedBy::Proxy,
                  isTimeout ? EndedHow::TimeoutDial : EndedHow::DialFailed);
}

// --- Exchange: a forwarded request ---

Session::State Session::beginExchange(net::UpstreamConnection upstream)
{
    Exchange::Setup setup;
    setup.intake = m_intake.get();
    setup.client = m_client.get();
    setup.clientInput = &m_input;
    setup.clientEnded = m_clientEnded;
    setup.clientReadsOn = m_clientReadsOn;
    setup.upstream = std::move(upstream);
    setup.kept = &m_kept;
    setup.traffic = &m_record->traffic;
    if (m_active->settings.upstream.addsVia)
        setup.pseudonym = m_context.shared->pseudonym;
    setup.keepAlive = m_active->keepAlive;
    setup.draining = &m_context.shared->draining;
    // From its own turn of the event loop, never from inside the exchange's call stack.
    setup.tellFinished = [this] { QCoreApplication::postEvent(this, new QEvent(QEvent::User)); };
    m_exchange = std::make_unique<Exchange>(std::move(setup));
    m_exchange->start();
    return State::Exchange;
}

Session::State Session::exchanging(Event event)
{
    switch (event) {
    case Event::ClientReadable:
        m_exchange->handleClientReadable();
        break;
    case Event::ClientDrained:
        m_exchange->handleClientDrained();
        break;
    case Event::ClientFailed:
        m_exchange->handleClientFailed();
        break;
    case Event::DeadlineExpired:
        return checkSilence();
    case Event::ExchangeFinished:
        return finishExchange();
    default:
        break;
    }
    return m_state;
}

Session::State Session::finishExchange()
{
    using Next = ExchangeResult::Next;
    ExchangeResult result = m_exchange->takeResult();
    m_exchange.reset();
    m_clientEnded = m_clientEnded || result.clientEnded;
    if (result.upstream.stream && result.next != Next::Tunnel)
        keepUpstream(std::move(result.upstream));
    switch (result.next) {
    case Next::Reply:
        if (result.endsClient)
            return answerAndClose(result.reply, result.by, result.how);
        return answer(result.reply, result.by, result.how);
    case Next::RetryFresh:
        m_retried = true;
        return beginDial();
    case Next::Tunnel:
        if (!result.upstreamInput.isEmpty())
            m_client->write(result.upstreamInput);
        return startRelay(std::move(result.upstream.stream), result.status);
    default:
        break;
    }
    m_postMortem.close(result.status, result.by, result.how, result.reason, Clock::now());
    switch (result.next) {
    case Next::KeepClient:
        m_owesAnswer = true;
        // Its head went out before the drain began and said that the connection is kept.
        if (m_context.shared->draining.load() && m_input.isEmpty()) {
            closeClientLater(LingeringClose::Mode::Linger);
            return State::Linger;
        }
        return State::ReadHead;
    case Next::CloseClient:
        closeClientLater(LingeringClose::Mode::Linger);
        return State::Linger;
    case Next::ResetClient:
        closeClientLater(LingeringClose::Mode::ResetWhenDelivered);
        return State::Linger;
    default:
        return State::Closed;
    }
}

void Session::keepUpstream(net::UpstreamConnection connection)
{
    if (!connection.isBound) {
        m_context.pool->put(std::move(connection));
        return;
    }
    // Nobody listens to it now: its end would be told again and again, to nobody. It is noticed
    // when the connection is taken.
    connection.stream->setReadEnabled(false);
    connection.isReused = true;
    m_bound = std::make_unique<Bound>(Bound { std::move(connection), m_postMortem.user(), {} });
    forgetBound();
}

// --- Tunnel ---

Session::State Session::beginTunnel(net::StreamPtr upstream)
{
    // RFC 9110 §9.3.6: no Content-Length, no Transfer-Encoding. From here on the proxy writes
    // nothing of its own.
    if (!m_client->write("HTTP/1.1 200 Connection established\r\n\r\n"))
        return dropClient(EndedBy::Client, endedHow(m_client->end()));
    return startRelay(std::move(upstream), 200);
}

Session::State Session::startRelay(net::StreamPtr upstream, int status)
{
    if (!m_input.isEmpty()) {
        m_record->traffic.countUp(m_input.size(), Clock::now());
        upstream->write(m_input);
    }
    // A tunnel needs none of this; thousands of them wait in silence.
    m_input = {};
    m_parser.reset();
    if (m_intake->isConnect()) // the TLS in it is not ours; a WebSocket's is
        m_tlsLeg.reset();
    m_intake.reset();
    m_bound.reset();
    m_client->setListener(nullptr);
    m_tunnelStatus = status;
    m_relay.reset(new net::Relay(std::move(m_client), std::move(upstream), m_record->traffic,
                                 [this](const net::RelayEnd &end) {
                                     m_relayEnd = end;
                                     advance(Event::RelayFinished);
                                 }));
    m_relay->start();
    return State::Tunnel;
}

Session::State Session::tunnelling(Event event)
{
    switch (event) {
    case Event::DeadlineExpired:
        return checkSilence();
    case Event::RelayFinished:
        m_postMortem.close(m_tunnelStatus,
                           m_relayEnd.by == net::Side::Client ? EndedBy::Client : EndedBy::Upstream,
                           endedHow(m_relayEnd.how), {}, Clock::now());
        return State::Closed;
    default:
        return m_state;
    }
}

/// A peer that reads slowly behind full buffers of the kernel moves nothing here for long, and is
/// not silent all the same: what it has not acknowledged becomes less.
bool Session::isStillDelivering()
{
    const qsizetype undelivered =
        m_exchange ? m_exchange->undeliveredBytes() : m_relay->undeliveredBytes();
    return std::exchange(m_undelivered, undelivered) != undelivered && undelivered > 0;
}

/// When an exchange is looked at for the first time.
std::chrono::milliseconds Session::exchangeLook() const
{
    const std::chrono::milliseconds silence = m_active->settings.timeouts.silence;
    return m_exchange->isUnproven() ? std::min(silence, lostAfter) : silence;
}

Session::State Session::checkSilence()
{
    using std::chrono::ceil;
    using std::chrono::milliseconds;
    const Clock::duration idle = Clock::now() - m_record->traffic.lastActivity();
    const milliseconds limit = m_active->settings.timeouts.silence;
    if (m_state == State::Exchange && m_exchange->isUnproven() && m_exchange->isUnacknowledged()) {
        if (idle < exchangeLook())
            m_deadline.arm(ceil<milliseconds>(exchangeLook() - idle));
        else
            m_exchange->handleUnacknowledged();
        return m_state;
    }
    if (idle < limit) {
        m_undelivered = -1;
        m_deadline.arm(ceil<milliseconds>(limit - idle));
        return m_state;
    }
    if (isStillDelivering()) {
        m_deadline.arm(std::min(limit, deliveryLook));
        return m_state;
    }
    if (m_state == State::Exchange) {
        m_exchange->handleSilence(limit);
        return m_state;
    }
    return dropClient(EndedBy::Proxy, EndedHow::TimeoutSilence);
}

} // namespace sami::server
