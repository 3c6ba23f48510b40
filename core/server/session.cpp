// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/session.h"

#include "base/logging.h"
#include "net/scratchbuffer.h"

#include <algorithm>
#include <utility>

namespace sami::server {

using http::BodyKind;
using net::ByteStream;
using net::LingeringClose;
using ReadStatus = ByteStream::ReadResult::Status;

namespace {

constexpr char unit[] = "server.session";

/// To keep a connection after an error, this much of the request's body is read and dropped; more
/// would cost more than a new connection.
constexpr qsizetype maxDiscardedBody = qsizetype(256) * 1024;

/// Who is heard only for a status page, because all is full, is to ask at once: others wait.
constexpr std::chrono::milliseconds crowdedHeadTimeout { 5'000 };

/// An empty input buffer larger than that is not kept for the next request.
constexpr qsizetype maxIdleCapacity = 4096;

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

Session::Session(net::StreamPtr client, std::shared_ptr<ConnectionRecord> record, Crowding crowding,
                 const WorkerContext &context, QObject *parent)
    : QObject(parent), m_context(context), m_active(context.active), m_client(std::move(client)),
      m_record(std::move(record)), m_crowding(crowding), m_postMortem(*context.shared, *m_record),
      m_headShare(context.shared->headBudget)
{
    m_client->setListener(this);
}

Session::~Session() = default;

void Session::start()
{
    m_postMortem.begin(Clock::now());
    m_client->setTcpKeepalive(static_cast<int>(m_active->settings.timeouts.tcpKeepalive.count()));
    enter(State::ReadHead);
    m_deadline.arm(headTimeout());
}

std::chrono::milliseconds Session::headTimeout() const
{
    const std::chrono::milliseconds usual = m_active->settings.timeouts.header;
    return m_crowding == Crowding::None ? usual : std::min(usual, crowdedHeadTimeout);
}

void Session::timerEvent(QTimerEvent *event)
{
    if (m_deadline.takeExpiry(*event))
        advance(Event::DeadlineExpired);
}

/// The one event that a session posts to itself: its exchange is over.
void Session::customEvent(QEvent *)
{
    advance(Event::ExchangeFinished);
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
        m_discarded.reset();
        m_retried = false;
        // A client that does not read its last answer gets no further one, and time to read it.
        m_deadline.arm(m_client->pendingBytes() > 0 ? m_active->settings.timeouts.silence
                                                    : m_active->settings.timeouts.keepAlive);
        readWhenParsed();
        if (!m_input.isEmpty() && m_client->pendingBytes() == 0)
            QMetaObject::invokeMethod(
                this, [this] { advance(Event::Continue); }, Qt::QueuedConnection);
        break;
    case State::Discard:
        setPhase(ConnectionPhase::Closing);
        m_deadline.arm(m_active->settings.timeouts.header);
        m_client->setReadEnabled(true);
        QMetaObject::invokeMethod(
            this, [this] { advance(Event::Continue); }, Qt::QueuedConnection);
        break;
    case State::Dial:
        setPhase(ConnectionPhase::Connecting);
        m_deadline.cancel(); // the dialer keeps its own
        m_client->setReadEnabled(!m_clientEnded && m_input.size() < Exchange::maxReadAhead);
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
        m_parser.reset();
        m_headShare.giveBack();
        m_input = {};
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
        readWhenParsed();
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

/// Back-pressure on whoever pipelines: nothing is read while a request that came before is still to
/// be looked at, or an answer to be taken.
void Session::readWhenParsed()
{
    m_client->setReadEnabled(m_input.isEmpty() && m_client->pendingBytes() == 0);
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
    if (!m_parser->hasStarted())
        m_postMortem.begin(Clock::now());
    // Once: the empty lines before a request are not to buy it more time.
    if (!m_parser->hasSeenOctets())
        m_deadline.arm(headTimeout());
    const http::HeadProgress progress = m_parser->feed(m_input);
    m_input.remove(0, progress.consumed);
    if (m_input.isEmpty() && m_input.capacity() > maxIdleCapacity)
        m_input = {};
    if (progress.status == http::HeadProgress::Status::NeedMore) {
        if (!m_headShare.hold(m_parser->headBytes()))
            return answerAndClose(overloadReply(), EndedBy::Proxy, EndedHow::Limit);
        readWhenParsed();
        return m_state;
    }
    m_headShare.giveBack();
    if (progress.status == http::HeadProgress::Status::Failed)
        return answerAndClose(headErrorReply(progress.error), EndedBy::Proxy, EndedHow::BadRequest);
    m_active = m_context.active;
    auto intake = takeIn(m_parser->take());
    if (!intake)
        return answerAndClose(intake.error(), EndedBy::Proxy, EndedHow::BadRequest);
    m_intake = std::make_unique<Intake>(std::move(*intake));
    m_postMortem.describe({}, m_intake->head.method, m_intake->loggedTarget(),
                          m_intake->target.endpoint);
    return authorize();
}

// --- Authorize ---

Session::State Session::authorize()
{
    Admission admission =
        admit(*m_intake, *m_active, *m_context.shared, m_record->client.address, m_crowding);
    m_postMortem.setUser(admission.user);
    if (!admission.answer)
        return beginDial();
    const OwnAnswer &own = *admission.answer;
    return own.mustClose ? answerAndClose(own.reply, EndedBy::Proxy, own.how)
                         : answer(own.reply, EndedBy::Proxy, own.how);
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
        return nextRequest();
    m_discarded = std::make_unique<http::BodyReader>(m_intake->framing);
    m_discardedBytes = 0;
    return State::Discard;
}

Session::State Session::nextRequest()
{
    // Answered straight from ReadHead: the same state begins anew, with what was read ahead.
    if (m_state == State::ReadHead)
        enter(State::ReadHead);
    return State::ReadHead;
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
    while (!m_discarded->isDone()) {
        const http::BodyReader::Step step = m_discarded->next(m_input);
        m_input.remove(0, step.consumed);
        m_discardedBytes += step.consumed;
        if (step.status == http::BodyReader::Status::Failed
            || m_discardedBytes > maxDiscardedBody) {
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
    int status = 0;
    if (m_relay) {
        m_relay->abort();
        status = m_tunnelStatus;
    } else if (m_exchange) {
        status = m_exchange->status();
        if (m_exchange->needsResetToCut())
            m_client->reset();
    }
    m_postMortem.close(status, by, how, std::move(reason), Clock::now());
    return State::Closed;
}

void Session::closeClientLater(LingeringClose::Mode mode)
{
    m_client->setListener(nullptr);
    m_linger.reset(new LingeringClose(std::move(m_client), mode, nullptr));
    connect(m_linger.get(), &LingeringClose::finished, this,
            [this] { advance(Event::LingerFinished); });
    m_linger->start();
}

Session::State Session::lingering(Event event)
{
    return event == Event::LingerFinished ? State::Closed : m_state;
}

} // namespace sami::server
