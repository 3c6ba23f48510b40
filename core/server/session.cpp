// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/session.h"

#include "base/heapcost.h"
#include "base/logging.h"
#include "net/scratchbuffer.h"

#include <algorithm>
#include <utility>

namespace sami::server {

using net::ByteStream;
using ReadStatus = ByteStream::ReadResult::Status;

namespace {

constexpr char unit[] = "server.session";

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

Session::Session(net::StreamPtr client, std::shared_ptr<ConnectionRecord> record,
                 Places::Place place, const WorkerContext &context, QObject *parent)
    : QObject(parent), m_context(context), m_active(context.active), m_client(std::move(client)),
      m_record(std::move(record)), m_place(std::move(place)),
      m_postMortem(*context.shared, *m_record), m_kept(context.shared->keptInput)
{
    m_client->setListener(this);
}

Session::~Session() = default;

void Session::start()
{
    m_postMortem.begin(Clock::now());
    m_client->setTcpKeepalive(static_cast<int>(m_active->settings.timeouts.tcpKeepalive.count()));
    enter(State::ReadHead);
}

std::chrono::milliseconds Session::headTimeout() const
{
    const std::chrono::milliseconds usual = m_active->settings.timeouts.header;
    return m_place.crowding() == Crowding::None ? usual : std::min(usual, crowdedHeadTimeout);
}

/// For the first octet of the next request.
std::chrono::milliseconds Session::idleTimeout() const
{
    const config::TimeoutSettings &timeouts = m_active->settings.timeouts;
    // A client that does not read its last answer gets no further one, and time to read it: as
    // long as a provider's answer may take, but not for a page of ours.
    if (m_client->pendingBytes() > 0)
        return m_owesAnswer ? timeouts.silence : headTimeout();
    return m_record->requests.load() > 0 ? timeouts.keepAlive : headTimeout();
}

/// Between two requests, where limits and timers may change without anybody's harm.
void Session::adoptSettings()
{
    if (m_active != m_context.active) {
        m_active = m_context.active;
        m_client->setTcpKeepalive(
            static_cast<int>(m_active->settings.timeouts.tcpKeepalive.count()));
    }
    const http::HeadLimits &limits = m_active->settings.limits.head;
    if (!m_parser || !(m_parser->limits() == limits))
        m_parser = std::make_unique<http::RequestHeadParser>(limits);
}

void Session::forgetBound()
{
    if (m_bound && m_bound->connection.generation != m_context.active->generation)
        m_bound.reset();
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

void Session::settingsChanged()
{
    forgetBound();
    advance(Event::SettingsChanged);
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
        adoptSettings();
        m_intake.reset();
        m_discarded.reset();
        m_retried = false;
        if (!m_bound || !m_bound->connection.key.tls)
            m_tlsLeg.reset();
        trimInput();
        m_deadline.arm(idleTimeout());
        readWhenParsed();
        if ((!m_input.isEmpty() || m_clientEnded) && m_client->pendingBytes() == 0)
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
        m_client->setReadEnabled(!m_clientEnded && m_input.size() < m_kept.readAheadLimit());
        break;
    case State::Exchange:
        setPhase(ConnectionPhase::Exchange);
        m_deadline.arm(exchangeLook());
        break;
    case State::Tunnel:
        setPhase(ConnectionPhase::Tunnel);
        m_kept.giveBack();
        m_deadline.arm(m_active->settings.timeouts.silence);
        break;
    case State::Linger:
        setPhase(ConnectionPhase::Closing);
        m_deadline.cancel();
        m_parser.reset();
        m_input = {};
        m_kept.giveBack();
        break;
    case State::Closed:
        m_deadline.cancel();
        m_dial.reset();
        m_exchange.reset();
        m_relay.reset();
        m_linger.reset();
        m_client.reset();
        m_postMortem.endConnection();
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
        m_deadline.arm(idleTimeout());
        readWhenParsed();
        return parseInput();
    case Event::SettingsChanged:
        // A head that has begun keeps what it began with.
        if (!m_parser->hasSeenOctets()) {
            adoptSettings();
            m_deadline.arm(idleTimeout());
        }
        return m_state;
    case Event::ClientFailed:
        return dropClient(EndedBy::Client, endedHow(m_client->end()));
    case Event::DeadlineExpired:
        if (const std::optional<State> next = lastLook())
            return *next;
        if (m_parser->hasStarted()) {
            describeBegun();
            return answerAndClose(errorReply(OwnReply::HeadTimeout, headTimeout()), EndedBy::Proxy,
                                  EndedHow::TimeoutHead);
        }
        return dropClient(EndedBy::Proxy, EndedHow::TimeoutIdle);
    case Event::DrainBegan:
        return drainWhenIdle();
    default:
        return m_state;
    }
}

/// Back-pressure on whoever pipelines: nothing is read while a request that came before is still to
/// be looked at, or an answer to be taken.
void Session::readWhenParsed()
{
    m_client->setReadEnabled(!m_clientEnded && m_input.isEmpty() && m_client->pendingBytes() == 0);
}

Session::State Session::readClient()
{
    char *buffer = net::scratchBuffer();
    const ByteStream::ReadResult read = m_client->read(buffer, m_kept.readAheadLimit());
    switch (read.status) {
    case ReadStatus::WouldBlock:
        return m_state;
    case ReadStatus::Ended:
        return endOfInput();
    case ReadStatus::Data:
        break;
    }
    m_input.append(buffer, read.size);
    return parseInput();
}

/// What is in the socket when the time is over came in time, though the event loop has not told of
/// it yet. The state it leads to; nothing when it ends nobody's wait.
std::optional<Session::State> Session::lastLook()
{
    if (!m_client->isReadEnabled())
        return std::nullopt;
    const State next = readClient();
    // A request that began or was answered has its own time, a head that was late already has none.
    if (next == m_state && !m_deadline.isArmed())
        return std::nullopt;
    return next;
}

/// Between two requests the connection closes. Whoever has not asked anything yet, and whoever's
/// next request has come already, still gets its 503.
Session::State Session::drainWhenIdle()
{
    if (m_postMortem.isOpen() || !m_client->isReadEnabled())
        return m_state;
    const State next = readClient();
    if (next != m_state || m_postMortem.isOpen())
        return next;
    return dropClient(EndedBy::Proxy, EndedHow::Drained);
}

/// Charges that many octets, and what was read ahead, to the budget of all connections. False when
/// that is spent.
bool Session::keep(qsizetype octets)
{
    return m_kept.hold(octets + heapCost(m_input));
}

/// What is left of a read waits for its turn, perhaps for long: without the room of what is gone.
void Session::trimInput()
{
    if (m_input.capacity() - m_input.size() > maxIdleCapacity)
        m_input.squeeze();
    // Over the budget reads are small; what is here already is not thrown away.
    static_cast<void>(keep(0));
}

/// The client has ended and no whole request is left of what it said.
Session::State Session::endOfInput()
{
    describeBegun();
    return dropClient(EndedBy::Client, endedHow(m_client->end()),
                      m_parser->hasStarted() ? "request_incomplete" : QByteArray());
}

Session::State Session::parseInput()
{
    if (m_client->pendingBytes() > 0)
        return m_state;
    if (m_input.isEmpty())
        return m_clientEnded ? endOfInput() : m_state;
    if (!m_parser->hasStarted())
        m_postMortem.begin(Clock::now());
    // Once: the empty lines before a request are not to buy it more time.
    if (!m_parser->hasSeenOctets())
        m_deadline.arm(headTimeout());
    const http::HeadProgress progress = m_parser->feed(m_input);
    m_postMortem.earn(progress.consumed);
    m_input.remove(0, progress.consumed);
    if (m_input.isEmpty() && m_input.capacity() > maxIdleCapacity)
        m_input = {};
    if (progress.status == http::HeadProgress::Status::NeedMore) {
        if (!keep(m_parser->heldBytes())) {
            describeBegun();
            return answerAndClose(errorReply(OwnReply::Overloaded), EndedBy::Proxy,
                                  EndedHow::Limit);
        }
        // What was cut by the FIN.
        if (m_clientEnded)
            return endOfInput();
        readWhenParsed();
        return m_state;
    }
    if (progress.status == http::HeadProgress::Status::Failed)
        return refuseHead(progress.error.code);
    m_active = m_context.active;
    m_clientReadsOn = m_clientEnded;
    http::RequestHead head = m_parser->take();
    auto intake = takeIn(head);
    if (!intake) {
        m_postMortem.describeRefused(head.method, head.target, true);
        return answerAndClose(intake.error(), EndedBy::Proxy, EndedHow::BadRequest);
    }
    m_intake = std::make_unique<Intake>(std::move(*intake));
    m_postMortem.describe({}, m_intake->head.method, m_intake->loggedTarget(),
                          m_intake->target.endpoint);
    return authorize();
}

// --- Authorize ---

Session::State Session::authorize()
{
    Admission admission = admit(*m_intake, *m_active, *m_context.shared, m_record->client.address,
                                m_place.crowding());
    m_postMortem.setUser(admission.user);
    if (admission.wouldRefuse != policy::Refusal::None)
        m_postMortem.report(policy::toString(admission.wouldRefuse));
    if (!admission.answer)
        return beginDial();
    const OwnAnswer &own = *admission.answer;
    return own.mustClose ? answerAndClose(own.reply, EndedBy::Proxy, own.how)
                         : answer(own.reply, EndedBy::Proxy, own.how);
}

} // namespace sami::server
