// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/headreading.h"

#include "net/scratchbuffer.h"
#include "server/clientleg.h"

#include <algorithm>
#include <utility>

namespace sami::server {

using net::ByteStream;
using ReadStatus = ByteStream::ReadResult::Status;

namespace {

/// The longest signature of another protocol, and more.
constexpr qsizetype tellingOctets = 32;

bool isWaiting(const HeadOutcome &outcome)
{
    return std::holds_alternative<reading::Waiting>(outcome);
}

} // namespace

HeadReading::HeadReading(ClientLeg &leg) : m_leg(leg) {}

HeadReading::~HeadReading() = default;

void HeadReading::begin(bool owesAnswer)
{
    m_owesAnswer = owesAnswer;
    adoptSettings();
    m_leg.trimInput();
    m_leg.deadline.arm(idleTimeout());
    readWhenParsed();
    if ((!m_leg.input.isEmpty() || m_leg.hasEnded) && m_leg.stream->pendingBytes() == 0)
        m_leg.tellLater(FrontEvent::Continue);
}

/// Between two requests, where limits and timers may change without anybody's harm.
void HeadReading::adoptSettings()
{
    if (m_leg.adoptSettings())
        m_leg.applyTcpKeepalive();
    const http::HeadLimits &limits = m_leg.active->settings.limits.head;
    if (!m_parser || !(m_parser->limits() == limits))
        m_parser = std::make_unique<http::RequestHeadParser>(limits);
}

/// Back-pressure on whoever pipelines: nothing is read while a request that came before is still to
/// be looked at, or an answer to be taken.
void HeadReading::readWhenParsed()
{
    m_leg.stream->setReadEnabled(!m_leg.hasEnded && m_leg.input.isEmpty()
                                 && m_leg.stream->pendingBytes() == 0);
}

/// For the first octet of the next request.
std::chrono::milliseconds HeadReading::idleTimeout() const
{
    const config::TimeoutSettings &timeouts = m_leg.active->settings.timeouts;
    // A client that does not read its last answer gets no further one, and time to read it: as
    // long as a provider's answer may take, but not for a page of ours.
    if (m_leg.stream->pendingBytes() > 0)
        return m_owesAnswer ? timeouts.silence : m_leg.headTimeout();
    return m_leg.record->requests.load() > 0 ? timeouts.keepAlive : m_leg.headTimeLeft();
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
    // After the fault nothing was read, and it has come all the same.
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
        m_leg.deadline.arm(idleTimeout());
        readWhenParsed();
        return parseInput();
    case FrontEvent::SettingsChanged:
        // A head that has begun keeps what it began with.
        if (!m_parser->hasSeenOctets()) {
            adoptSettings();
            m_leg.deadline.arm(idleTimeout());
        }
        break;
    case FrontEvent::DeadlineExpired:
        return handleExpired();
    case FrontEvent::DrainBegan:
        return drainWhenIdle();
    case FrontEvent::InputSpent:
        m_leg.postMortem.begin(Clock::now());
        return reading::Spent {};
    case FrontEvent::ClientFailed: // the front's own
    case FrontEvent::ExchangeFinished:
    case FrontEvent::PasswordJudged: // of a request that was given up
        break;
    }
    return reading::Waiting {};
}

HeadOutcome HeadReading::readClient()
{
    char *buffer = net::scratchBuffer();
    const ByteStream::ReadResult read = m_leg.stream->read(buffer, m_leg.kept.readAheadLimit());
    switch (read.status) {
    case ReadStatus::WouldBlock:
        return reading::Waiting {};
    case ReadStatus::Ended:
        return reading::Ended {};
    case ReadStatus::Data:
        break;
    }
    m_leg.input.append(buffer, read.size);
    return parseInput();
}

HeadOutcome HeadReading::parseInput()
{
    Q_ASSERT(m_parser);
    if (m_leg.stream->pendingBytes() > 0)
        return reading::Waiting {};
    if (m_leg.input.isEmpty())
        return m_leg.hasEnded ? HeadOutcome(reading::Ended {}) : reading::Waiting {};
    if (!m_parser->hasStarted())
        m_leg.postMortem.begin(Clock::now());
    // Once: the empty lines before a request are not to buy it more time.
    if (!m_parser->hasSeenOctets())
        m_leg.deadline.arm(m_leg.headTimeLeft());
    const http::HeadProgress progress = m_parser->feed(m_leg.input);
    m_leg.postMortem.earn(progress.consumed);
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
    if (!m_leg.keep(m_parser->heldBytes()))
        return reading::Spent {};
    // What was cut by the FIN.
    if (m_leg.hasEnded)
        return reading::Ended {};
    readWhenParsed();
    return reading::Waiting {};
}

HeadOutcome HeadReading::handleExpired()
{
    if (std::optional<HeadOutcome> found = lastLook())
        return std::move(*found);
    if (m_parser->hasStarted())
        return reading::Expired { m_leg.headTimeout() };
    return reading::Idle {};
}

/// What is in the socket when the time is over came in time, though the event loop has not told of
/// it yet. What it leads to; nothing when it ends nobody's wait.
std::optional<HeadOutcome> HeadReading::lastLook()
{
    if (!m_leg.stream->isReadEnabled())
        return std::nullopt;
    HeadOutcome found = readClient();
    // A head that begins now has its own time, one that was late already has none.
    if (isWaiting(found) && !m_leg.deadline.isArmed())
        return std::nullopt;
    return found;
}

/// Between two requests the connection closes. Whoever has not asked anything yet, and whoever's
/// next request has come already, still gets its 503.
HeadOutcome HeadReading::drainWhenIdle()
{
    if (m_leg.postMortem.isOpen() || !m_leg.stream->isReadEnabled())
        return reading::Waiting {};
    HeadOutcome found = readClient();
    if (!isWaiting(found) || m_leg.postMortem.isOpen())
        return found;
    return reading::Drained {};
}

} // namespace sami::server
