// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/session.h"

#include "base/logging.h"
#include "http/forwarding.h"
#include "http/hopbyhop.h"
#include "net/scratchbuffer.h"
#include "server/statuspages.h"

#include <utility>

namespace sami::server {

using http::BodyKind;
using http::TargetForm;
using net::ByteStream;
using net::LingeringClose;
using ReadStatus = ByteStream::ReadResult::Status;

namespace {

constexpr char unit[] = "server.session";

/// To keep a connection after an error, this much of the request's body is read and dropped; more
/// would cost more than a new connection.
constexpr qsizetype maxDiscardedBody = 256 * 1024;

} // namespace

const char *toString(Session::State state)
{
    switch (state) {
    case Session::State::ReadHead:
        return "read_head";
    case Session::State::Discard:
        return "discard";
    case Session::State::Dial:
        return "dial";
    case Session::State::Exchange:
        return "exchange";
    case Session::State::Tunnel:
        return "tunnel";
    case Session::State::Linger:
        return "linger";
    case Session::State::Closed:
        return "closed";
    }
    return "";
}

Session::Session(net::StreamPtr client, std::shared_ptr<ConnectionRecord> record,
                 Crowding crowding, const WorkerContext &context, QObject *parent) :
    QObject(parent),
    m_context(context),
    m_active(context.active),
    m_client(std::move(client)),
    m_record(std::move(record)),
    m_crowding(crowding),
    m_postMortem(*context.shared, *m_record)
{
    ByteStream *stream = m_client.get();
    connect(stream, &ByteStream::readable, this, [this] { advance(Event::ClientReadable); });
    connect(stream, &ByteStream::drained, this, [this] { advance(Event::ClientDrained); });
    connect(stream, &ByteStream::failed, this, [this] { advance(Event::ClientFailed); });
    connect(&m_deadline, &net::Deadline::expired, this, [this] { advance(Event::DeadlineExpired); });
}

Session::~Session() = default;

void Session::start()
{
    m_postMortem.begin(Clock::now());
    m_client->setTcpKeepalive(static_cast<int>(m_active->settings.timeouts.tcpKeepalive.count()));
    enter(State::ReadHead);
    m_deadline.arm(m_active->settings.timeouts.header);
}

void Session::drain()
{
    advance(Event::DrainBegan);
}

void Session::cut(EndedHow reason)
{
    m_cutReason = reason;
    advance(Event::CutOrdered);
}

/// The only place where the state changes.
void Session::advance(Event event)
{
    if (m_state == State::Closed)
        return;
    const State next = handle(event);
    if (next != m_state)
        enter(next);
}

Session::State Session::handle(Event event)
{
    if (event == Event::CutOrdered)
        return dropClient(EndedBy::Proxy, m_cutReason);
    switch (m_state) {
    case State::ReadHead:
        return readHead(event);
    case State::Discard:
        return discard(event);
    case State::Dial:
        return dialling(event);
    case State::Exchange:
        return exchanging(event);
    case State::Tunnel:
        return tunnelling(event);
    case State::Linger:
        return lingering(event);
    case State::Closed:
        break;
    }
    return State::Closed;
}

void Session::enter(State state)
{
    logDebug(unit, "state", [&]() -> std::vector<LogField> {
        return { { "id", qint64(m_record->id) },
                 { "from", QByteArray(toString(m_state)) },
                 { "to", QByteArray(toString(state)) } };
    });
    m_state = state;
    const auto setPhase = [this](ConnectionPhase phase) {
        m_record->phase.store(phase, std::memory_order_relaxed);
    };
    switch (state) {
    case State::ReadHead:
        setPhase(ConnectionPhase::AwaitingRequest);
        if (!m_parser)
            m_parser = std::make_unique<http::RequestHeadParser>(m_active->settings.limits.head);
        m_intake.reset();
        m_retried = false;
        // A client that does not read its last answer gets no further one, and time to read it.
        m_deadline.arm(m_client->pendingBytes() > 0 ? m_active->settings.timeouts.silence
                                                    : m_active->settings.timeouts.keepAlive);
        m_client->setReadEnabled(m_client->pendingBytes() == 0);
        if (!m_input.isEmpty() && m_client->pendingBytes() == 0)
            QMetaObject::invokeMethod(this, [this] { advance(Event::Continue); },
                                      Qt::QueuedConnection);
        break;
    case State::Discard:
        setPhase(ConnectionPhase::Closing);
        m_deadline.arm(m_active->settings.timeouts.header);
        m_client->setReadEnabled(true);
        QMetaObject::invokeMethod(this, [this] { advance(Event::Continue); },
                                  Qt::QueuedConnection);
        break;
    case State::Dial:
        setPhase(ConnectionPhase::Connecting);
        m_deadline.cancel(); // the dialer keeps its own
        break;
    case State::Exchange:
        setPhase(ConnectionPhase::Exchange);
        m_deadline.arm(m_active->settings.timeouts.silence);
        break;
    case State::Tunnel:
        setPhase(ConnectionPhase::Tunnel);
        m_deadline.arm(m_active->settings.timeouts.silence);
        break;
    case State::Linger:
        setPhase(ConnectionPhase::Closing);
        m_deadline.cancel();
        break;
    case State::Closed:
        m_deadline.cancel();
        m_dial.reset();
        m_exchange.reset();
        m_relay.reset();
        m_linger.reset();
        m_client.reset();
        Q_EMIT closed();
        break;
    }
}

// --- ReadHead: a request, octet by octet ---

Session::State Session::readHead(Event event)
{
    switch (event) {
    case Event::ClientReadable:
        return readClient();
    case Event::Continue:
        return parseInput();
    case Event::ClientDrained:
        m_deadline.arm(m_active->settings.timeouts.keepAlive);
        m_client->setReadEnabled(true);
        return parseInput();
    case Event::ClientFailed:
        return dropClient(EndedBy::Client, endedHow(m_client->end()));
    case Event::DeadlineExpired:
        if (m_parser->hasStarted()) {
            return answerAndClose(errorReply(408, "http_request_error", "head_timeout",
                                             "The request's head was not complete in time.\n"),
                                  EndedBy::Proxy, EndedHow::TimeoutHead);
        }
        return dropClient(EndedBy::Proxy, EndedHow::TimeoutIdle);
    case Event::DrainBegan:
        // Between two requests; whoever has not asked anything yet still gets its 503.
        if (!m_postMortem.isOpen() && m_client->pendingBytes() == 0)
            return dropClient(EndedBy::Proxy, EndedHow::Drained);
        return m_state;
    default:
        return m_state;
    }
}

Session::State Session::readClient()
{
    char *buffer = net::scratchBuffer();
    const ByteStream::ReadResult read = m_client->read(buffer, net::scratchSize);
    switch (read.status) {
    case ReadStatus::WouldBlock:
        return m_state;
    case ReadStatus::Ended:
        return dropClient(EndedBy::Client, endedHow(m_client->end()),
                          m_parser->hasStarted() ? "request_incomplete" : QByteArray());
    case ReadStatus::Data:
        break;
    }
    m_input.append(buffer, read.size);
    return parseInput();
}

Session::State Session::parseInput()
{
    if (m_input.isEmpty() || m_client->pendingBytes() > 0)
        return m_state;
    if (!m_parser->hasStarted()) {
        m_postMortem.begin(Clock::now());
        m_deadline.arm(m_active->settings.timeouts.header);
    }
    const http::HeadProgress progress = m_parser->feed(m_input);
    m_input.remove(0, progress.consumed);
    switch (progress.status) {
    case http::HeadProgress::Status::NeedMore:
        return m_state;
    case http::HeadProgress::Status::Failed:
        return failHead(progress.error);
    case http::HeadProgress::Status::Complete:
        break;
    }
    m_active = m_context.active;
    auto intake = takeIn(m_parser->take());
    if (!intake)
        return answerAndClose(intake.error(), EndedBy::Proxy, EndedHow::BadRequest);
    m_intake = std::make_unique<Intake>(std::move(*intake));
    m_postMortem.describe({}, m_intake->head.method, m_intake->loggedTarget(),
                          m_intake->target.endpoint);
    return authorize();
}

Session::State Session::failHead(const http::ParseError &error)
{
    const int status = http::faultStatus(error.code);
    QByteArray text = "This is not a request that a proxy understands.\n";
    if (status == 414)
        text = "The request's target is too long. The operator can raise MAX_URL_LENGTH.\n";
    else if (status == 431)
        text = "The request's head is too large.\n";
    else if (status == 505)
        text = "This proxy speaks HTTP/1.1 and HTTP/1.0.\n";
    return answerAndClose(errorReply(status, "http_request_error", http::toString(error.code), text),
                          EndedBy::Proxy, EndedHow::BadRequest);
}

// --- Authorize: the cheapest refusal first ---

Session::State Session::authorize()
{
    const http::RequestTarget &target = m_intake->target;
    const bool isOwnPage = target.form == TargetForm::Origin || target.form == TargetForm::Asterisk;
    if (isOwnPage && isStatusPage(target.path()))
        return serveOwnPage();
    if (m_crowding != Crowding::None)
        return answerAndClose(fullReply(m_crowding == Crowding::ClientFull), EndedBy::Proxy,
                              EndedHow::Limit);

    const Gatekeeper::Admission admission = m_context.shared->gatekeeper.admit(
        m_active->policy, m_record->client.address,
        m_intake->head.fields.values("Proxy-Authorization"), Clock::now());
    m_postMortem.setUser(admission.user);
    if (!admission.decision.isAllowed())
        return refuse(admission.decision);
    if (m_context.shared->draining.load())
        return answerAndClose(drainingReply(), EndedBy::Proxy, EndedHow::Drained);
    if (isOwnPage)
        return serveOwnPage();

    // RFC 9110 §7.6.3: a request that went through this very instance before would go round for
    // ever.
    if (http::viaNames(m_intake->head.fields, m_context.shared->pseudonym)) {
        return answer(errorReply(508, "proxy_loop_detected", "loop",
                                 "The request came through this proxy before. Check the proxy "
                                 "settings of the host it is sent to.\n"),
                      EndedBy::Proxy, EndedHow::Refused);
    }
    switch (http::applyMaxForwards(m_intake->head)) {
    case http::MaxForwards::Forward:
        break;
    case http::MaxForwards::Malformed:
        return answer(errorReply(400, "http_request_error", "bad_max_forwards",
                                 "Max-Forwards takes a number.\n"),
                      EndedBy::Proxy, EndedHow::BadRequest);
    case http::MaxForwards::AnswerHere: {
        Reply own;
        own.status = 200;
        if (m_intake->head.method == "TRACE") {
            own.contentType = "message/http";
            own.body = http::traceEcho(m_intake->head);
        }
        return answer(own, EndedBy::Proxy, EndedHow::Complete);
    }
    }
    const policy::Decision byName = m_active->policy.destinations().checkName(target.endpoint);
    return byName.isAllowed() ? beginDial() : refuse(byName);
}

Session::State Session::serveOwnPage()
{
    const Reply page = statusPage(m_intake->head.method, m_intake->target.path(), uptime(),
                                  m_context.shared->draining.load());
    return answer(page, EndedBy::Proxy,
                  page.status < 400 ? EndedHow::Complete : EndedHow::Refused);
}

Session::State Session::refuse(const policy::Decision &decision)
{
    return answer(refusalReply(decision), EndedBy::Proxy, EndedHow::Refused);
}

// --- Dial ---

Session::State Session::beginDial()
{
    const http::RequestTarget &target = m_intake->target;
    net::DialRequest request;
    request.endpoint = target.endpoint;
    request.tls = !m_intake->isConnect() && target.scheme == http::Scheme::Https;
    if (!m_intake->isConnect() && !m_retried) {
        const net::UpstreamKey key { request.tls, request.endpoint };
        if (net::StreamPtr pinned = takePinned(key))
            return beginExchange(std::move(pinned), true);
        if (net::StreamPtr pooled = m_context.pool->take(key))
            return beginExchange(std::move(pooled), true);
    }
    request.client = m_record->client.address;
    request.timeout = m_active->settings.timeouts.connect;
    request.tcpKeepaliveSeconds
        = static_cast<int>(m_active->settings.timeouts.tcpKeepalive.count());
    request.addressFilter = [this](const QHostAddress &address) { return addressPasses(address); };
    m_addressRefusal = {};
    m_dialResult.reset();
    m_dial = m_active->dialer->dial(request, [this](Result<net::Dialled, net::DialError> result) {
        m_dialResult.emplace(std::move(result));
        advance(Event::Dialled);
    });
    return State::Dial;
}

bool Session::addressPasses(const QHostAddress &address)
{
    // The address that the client itself reached us at may be known to no interface list (it
    // changed a second ago): it is one of ours all the same.
    QList<QHostAddress> own = m_active->ownAddresses;
    own.append(unmapped(m_client->localAddress().address));
    const policy::Decision decision = m_active->policy.destinations().checkAddress(address, own);
    if (!decision.isAllowed())
        m_addressRefusal = decision;
    return decision.isAllowed();
}

net::StreamPtr Session::takePinned(const net::UpstreamKey &key)
{
    if (!m_pinned.stream || !(m_pinned.key == key))
        return {};
    net::StreamPtr stream = std::move(m_pinned.stream);
    char octet = 0;
    if (!stream->isOpen() || stream->read(&octet, 1).status != ReadStatus::WouldBlock)
        return {};
    return stream;
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
    const ByteStream::ReadResult read = m_client->read(buffer, net::scratchSize);
    switch (read.status) {
    case ReadStatus::WouldBlock:
        break;
    case ReadStatus::Data:
        m_input.append(buffer, read.size);
        m_client->setReadEnabled(m_input.size() < Exchange::maxReadAhead);
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
    return beginExchange(std::move(result->stream), false);
}

Session::State Session::handleDialError(const net::DialError &error)
{
    if (error.fault == net::DialFault::AddressRefused && !m_addressRefusal.isAllowed())
        return refuse(m_addressRefusal);
    const bool isTimeout = error.fault == net::DialFault::ConnectTimeout
        || error.fault == net::DialFault::DnsTimeout;
    return answer(dialErrorReply(error), EndedBy::Proxy,
                  isTimeout ? EndedHow::TimeoutDial : EndedHow::DialFailed);
}

// --- Exchange: a forwarded request ---

Session::State Session::beginExchange(net::StreamPtr upstream, bool isPooled)
{
    Exchange::Setup setup;
    setup.intake = m_intake.get();
    setup.client = m_client.get();
    setup.clientInput = &m_input;
    setup.clientEnded = m_clientEnded;
    setup.upstream = std::move(upstream);
    setup.upstreamIsPooled = isPooled;
    setup.traffic = &m_record->traffic;
    setup.pseudonym = m_context.shared->pseudonym;
    setup.draining = &m_context.shared->draining;
    m_exchange.reset(new Exchange(std::move(setup), nullptr));
    connect(m_exchange.get(), &Exchange::finished, this,
            [this] { advance(Event::ExchangeFinished); });
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
    if (result.upstream && result.next != Next::Tunnel) {
        const net::UpstreamKey key { m_intake->target.scheme == http::Scheme::Https,
                                     m_intake->target.endpoint };
        if (result.pinsUpstream)
            m_pinned = { key, std::move(result.upstream) };
        else
            m_context.pool->put(key, std::move(result.upstream));
    }
    switch (result.next) {
    case Next::Reply:
        return answer(result.reply, result.by, result.how);
    case Next::RetryFresh:
        m_retried = true;
        return beginDial();
    case Next::Tunnel:
        if (!result.upstreamInput.isEmpty())
            m_client->write(result.upstreamInput);
        return startRelay(std::move(result.upstream), result.status);
    default:
        break;
    }
    m_postMortem.close(result.status, result.by, result.how, result.reason, Clock::now());
    switch (result.next) {
    case Next::KeepClient:
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
    m_intake.reset();
    m_pinned = {};
    m_client->disconnect(this);
    m_tunnelStatus = status;
    m_relay.reset(new net::Relay(std::move(m_client), std::move(upstream), m_record->traffic,
                                 nullptr));
    connect(m_relay.get(), &net::Relay::finished, this, [this](const net::RelayEnd &end) {
        m_relayEnd = end;
        advance(Event::RelayFinished);
    });
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

Session::State Session::checkSilence()
{
    using std::chrono::ceil;
    using std::chrono::milliseconds;
    const Clock::duration idle = Clock::now() - m_record->traffic.lastActivity();
    const milliseconds limit = m_active->settings.timeouts.silence;
    if (idle < limit) {
        m_deadline.arm(ceil<milliseconds>(limit - idle));
        return m_state;
    }
    if (m_state == State::Exchange) {
        m_exchange->handleSilence();
        return m_state;
    }
    return dropClient(EndedBy::Proxy, EndedHow::TimeoutSilence);
}

// --- Replies of our own, and ends ---

bool Session::keepsAfterReply() const
{
    if (!m_intake->persists || m_clientEnded || m_crowding != Crowding::None
        || m_context.shared->draining.load())
        return false;
    if (m_intake->isConnect())
        return m_input.isEmpty(); // what came behind a failed CONNECT is no request
    const http::BodyFraming &framing = m_intake->framing;
    if (framing.kind == BodyKind::None)
        return true;
    return !m_intake->expectsContinue() && framing.length <= quint64(maxDiscardedBody);
}

Session::State Session::answer(const Reply &reply, EndedBy by, EndedHow how)
{
    const bool wasForwarding = m_state == State::Exchange;
    const bool hasBody = m_intake->framing.kind != BodyKind::None;
    // After an exchange part of the body may be gone already: where the next request begins is
    // known only if there was none.
    if (!keepsAfterReply() || (wasForwarding && hasBody))
        return answerAndClose(reply, by, how);
    const bool isWritten = m_client->write(reply.write(true, m_intake->isHead()));
    m_postMortem.close(reply.status, by, how, reply.reason, Clock::now());
    if (!isWritten)
        return State::Closed;
    if (!hasBody || m_intake->isConnect())
        return State::ReadHead;
    m_discarded = http::BodyReader(m_intake->framing);
    m_discardedBytes = 0;
    return State::Discard;
}

Session::State Session::answerAndClose(const Reply &reply, EndedBy by, EndedHow how)
{
    const bool isHead = m_intake && m_intake->isHead();
    const bool isWritten = m_client->write(reply.write(false, isHead));
    m_postMortem.close(reply.status, by, how, reply.reason, Clock::now());
    if (!isWritten)
        return State::Closed;
    closeClientLater(LingeringClose::Mode::Linger);
    return State::Linger;
}

Session::State Session::discard(Event event)
{
    switch (event) {
    case Event::ClientReadable: {
        char *buffer = net::scratchBuffer();
        const ByteStream::ReadResult read = m_client->read(buffer, net::scratchSize);
        if (read.status == ReadStatus::Ended)
            return State::Closed;
        if (read.status == ReadStatus::Data)
            m_input.append(buffer, read.size);
        break;
    }
    case Event::Continue:
        break;
    case Event::ClientFailed:
        return State::Closed;
    case Event::DeadlineExpired:
        closeClientLater(LingeringClose::Mode::Linger);
        return State::Linger;
    default:
        return m_state;
    }
    while (!m_discarded.isDone()) {
        const http::BodyReader::Step step = m_discarded.next(m_input);
        m_input.remove(0, step.consumed);
        m_discardedBytes += step.consumed;
        if (step.status == http::BodyReader::Status::Failed || m_discardedBytes > maxDiscardedBody) {
            closeClientLater(LingeringClose::Mode::Linger);
            return State::Linger;
        }
        if (step.status == http::BodyReader::Status::NeedMore)
            return m_state;
    }
    return State::ReadHead;
}

Session::State Session::dropClient(EndedBy by, EndedHow how, QByteArray reason)
{
    if (m_relay)
        m_relay->abort();
    const bool isTunnel = m_state == State::Tunnel;
    m_postMortem.close(isTunnel ? m_tunnelStatus : 0, by, how, std::move(reason), Clock::now());
    return State::Closed;
}

void Session::closeClientLater(LingeringClose::Mode mode)
{
    m_client->disconnect(this);
    m_linger.reset(new LingeringClose(std::move(m_client), mode, nullptr));
    connect(m_linger.get(), &LingeringClose::finished, this,
            [this] { advance(Event::LingerFinished); });
    m_linger->start();
}

Session::State Session::lingering(Event event)
{
    return event == Event::LingerFinished ? State::Closed : m_state;
}

std::chrono::seconds Session::uptime() const
{
    return std::chrono::duration_cast<std::chrono::seconds>(Clock::now()
                                                            - m_context.shared->startedAt);
}

} // namespace sami::server
