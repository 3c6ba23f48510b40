// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/headreading.h"

#include "server/clientleg.h"

#include <algorithm>
#include <utility>

namespace sami::server {

using account::ConnectionPhase;
using ReadStatus = net::ByteStream::ReadResult::Status;

namespace {

/// More than the longest signature of another protocol.
constexpr qsizetype tellingOctets = 32;

bool isWaiting(const HeadOutcome &outcome)
{
    return std::holds_alternative<reading::Waiting>(outcome);
}

} // namespace

HeadReading::HeadReading(ClientLeg &leg) : m_leg(leg) {}

HeadReading::~HeadReading() = default;

void HeadReading::begin(bool lastAnswerForwarded)
{
    m_lastAnswerForwarded = lastAnswerForwarded;
    adoptSettings();
    m_leg.trimInput();
    m_leg.deadline.arm(firstWait());
    readWhenParsed();
    if ((!m_leg.input.isEmpty() || m_leg.hasEnded) && isAnswerTaken())
        m_leg.tellLater(FrontEvent::Continue);
}

/// Called between two requests, when limits and timers can change without harm.
void HeadReading::adoptSettings()
{
    m_leg.adoptSettings();
    const http::HeadLimits &limits = m_leg.active->settings.limits.head;
    if (!m_parser || !(m_parser->limits() == limits))
        m_parser = std::make_unique<http::RequestHeadParser>(limits);
}

/// Back-pressure on a client that pipelines: reads nothing while an earlier request waits to be
/// handled, or the client has not taken an answer.
void HeadReading::readWhenParsed()
{
    const bool isIdle = m_leg.input.isEmpty() && isAnswerTaken();
    m_leg.stream->setReadEnabled(isIdle && !m_leg.hasEnded);
    m_leg.setPhase(isIdle ? ConnectionPhase::AwaitingRequest : ConnectionPhase::Exchange);
}

bool HeadReading::isAnswerTaken() const
{
    return m_leg.stream->pendingBytes() == 0;
}

/// The time for the first octet of the next request.
std::chrono::milliseconds HeadReading::idleTimeout() const
{
    const config::TimeoutSettings &timeouts = m_leg.active->settings.timeouts;
    // A client that does not read its last answer gets no further one, only time to read it: the
    // silence limit for a provider's answer, the header timeout for a page of ours.
    if (!isAnswerTaken())
        return m_lastAnswerForwarded ? timeouts.silence : m_leg.headTimeout();
    return m_leg.record->requests.load() > 0 ? timeouts.keepAlive : m_leg.headTimeLeft();
}

/// A page of ours gives no time beyond its own, because anybody can ask for one.
std::chrono::milliseconds HeadReading::firstWait()
{
    m_taking = {};
    if (isAnswerTaken() || !m_lastAnswerForwarded)
        return idleTimeout();
    const auto wait = m_taking.begin(m_leg.stream->undeliveredBytes(), idleTimeout());
    return wait.value_or(std::chrono::milliseconds(0));
}

QByteArray HeadReading::firstOctets() const
{
    return m_parser->consumedOfStart()
        + m_leg.input.first(std::min(m_leg.input.size(), tellingOctets));
}

bool HeadReading::hasCredentials() const
{
    if (m_parser->hasBegunField("Proxy-Authorization"))
        return true;
    // The parser stopped at the fault, but the field may be in the input.
    return m_leg.input.toLower().contains("\nproxy-authorization:");
}

HeadOutcome HeadReading::handle(FrontEvent event)
{
    switch (event) {
    case FrontEvent::ClientReadable:
        return readClient();
    case FrontEvent::Continue:
        return parseInput();
    case FrontEvent::ClientDrained:
        return handleTaken();
    case FrontEvent::SettingsChanged:
        // A head that has begun keeps its limits and its time. The request that it becomes is
        // judged by the settings in force then.
        if (!m_parser->hasSeenOctets()) {
            adoptSettings();
            m_leg.deadline.arm(firstWait());
        }
        break;
    case FrontEvent::DeadlineExpired:
        return handleExpired();
    case FrontEvent::DrainBegan:
        return handleDrain();
    case FrontEvent::RecordBudgetSpent:
        m_leg.postMortem.begin(Clock::now());
        return reading::Spent {};
    case FrontEvent::ClientFailed: // the front handles it itself
    case FrontEvent::ExchangeFinished:
    case FrontEvent::PasswordJudged: // of a request that was given up
        break;
    }
    return reading::Waiting {};
}

HeadOutcome HeadReading::readClient()
{
    switch (m_leg.readInput()) {
    case ReadStatus::WouldBlock:
        return reading::Waiting {};
    case ReadStatus::Ended:
        return reading::Ended {};
    case ReadStatus::Data:
        break;
    }
    return parseInput();
}

HeadOutcome HeadReading::parseInput()
{
    Q_ASSERT(m_parser);
    if (!isAnswerTaken())
        return reading::Waiting {};
    if (m_leg.input.isEmpty())
        return m_leg.hasEnded ? HeadOutcome(reading::Ended {}) : reading::Waiting {};
    if (!m_parser->hasStarted())
        m_leg.postMortem.begin(Clock::now());
    // Armed only once: empty lines before a request must not buy more time.
    if (!m_parser->hasSeenOctets())
        m_leg.deadline.arm(m_leg.headTimeLeft());
    const http::HeadProgress progress = m_parser->feed(m_leg.input);
    m_leg.postMortem.addLogCredit(progress.consumed);
    m_leg.input.remove(0, progress.consumed);
    if (m_leg.input.isEmpty() && m_leg.input.capacity() > ClientLeg::maxIdleCapacity)
        m_leg.input = {};
    switch (progress.status) {
    case http::HeadProgress::Status::NeedMore:
        break;
    case http::HeadProgress::Status::Failed:
        return progress.error.code;
    case http::HeadProgress::Status::Complete:
        return m_parser->take();
    }
    if (!m_leg.chargeInput(m_parser->heldBytes()))
        return reading::Spent {};
    // The FIN cut this head.
    if (m_leg.hasEnded)
        return reading::Ended {};
    readWhenParsed();
    return reading::Waiting {};
}

/// The client has taken the last answer.
HeadOutcome HeadReading::handleTaken()
{
    m_leg.deadline.arm(idleTimeout());
    readWhenParsed();
    HeadOutcome found = parseInput();
    return isWaiting(found) && m_leg.context.shared->draining.load() ? drainWhenIdle(true) : found;
}

HeadOutcome HeadReading::handleExpired()
{
    if (!isAnswerTaken() && m_taking.isWaiting()) {
        if (const auto wait = m_taking.look(m_leg.stream->undeliveredBytes())) {
            m_leg.deadline.arm(*wait);
            return reading::Waiting {};
        }
    }
    if (std::optional<HeadOutcome> found = readBeforeExpiry())
        return std::move(*found);
    if (m_parser->hasStarted())
        return reading::Expired { m_leg.headTimeout() };
    return reading::Idle {};
}

/// Octets that are already in the socket when the time is up have arrived in time, even if the
/// event loop has not reported them yet. Returns their outcome, or nothing if the time is up all
/// the same.
std::optional<HeadOutcome> HeadReading::readBeforeExpiry()
{
    if (!m_leg.stream->isReadEnabled())
        return std::nullopt;
    HeadOutcome found = readClient();
    // A head that begins now gets its own time; one that was already late gets none.
    if (isWaiting(found) && !m_leg.deadline.isArmed())
        return std::nullopt;
    return found;
}

/// A client that still takes a provider's answer may go on. One that does not take a page of ours
/// may not: anybody could hold up a drain with one.
HeadOutcome HeadReading::handleDrain()
{
    const bool isTaken = isAnswerTaken();
    return isTaken || m_lastAnswerForwarded ? drainWhenIdle(!isTaken) : reading::Drained { true };
}

/// Closes the connection between two requests. A client that has not asked anything yet, or whose
/// next request has already arrived, still gets its 503.
HeadOutcome HeadReading::drainWhenIdle(bool isAmidAnswer)
{
    if (m_leg.postMortem.isOpen() || !m_leg.stream->isReadEnabled())
        return reading::Waiting {};
    HeadOutcome found = readClient();
    if (!isWaiting(found) || m_leg.postMortem.isOpen())
        return found;
    return reading::Drained { isAmidAnswer };
}

} // namespace sami::server
