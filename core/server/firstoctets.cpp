// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/firstoctets.h"

#include "base/logging.h"
#include "config/exposure.h"
#include "net/scratchbuffer.h"
#include "server/clientleg.h"
#include "server/httpfront.h"
#include "server/reply.h"
#include "server/socks5front.h"
#include "server/tlsentrance.h"

namespace sami::server {

using account::EndedBy;
using account::EndedHow;
using ReadStatus = net::ByteStream::ReadResult::Status;

namespace {

constexpr char unit[] = "server.firstoctets";
constexpr char socks5Version = 5; // RFC 1928 §3; no method of HTTP begins with it

} // namespace

std::unique_ptr<Front> FirstOctets::make(ClientLeg &leg)
{
    return std::make_unique<FirstOctets>(leg);
}

FirstOctets::FirstOctets(ClientLeg &leg)
    : m_leg(leg), m_state(leg.isEncrypted() ? State::Inner : State::Outer)
{}

Step FirstOctets::start()
{
    m_leg.setPhase(account::ConnectionPhase::AwaitingRequest);
    beginWaiting();
    m_leg.stream->setReadEnabled(true);
    return step::Stay {};
}

/// Waits by the current settings, which also say who is a balancer.
void FirstOctets::beginWaiting()
{
    m_leg.adoptSettings();
    if (m_state != State::Inner)
        m_state = awaitsHeader() ? State::Header : State::Outer;
    m_leg.deadline.arm(m_leg.headTimeLeft());
}

bool FirstOctets::awaitsHeader() const
{
    return m_leg.record->caller().known == policy::Caller::Known::ByConnection
        && m_leg.active->policy.balancers().contains(m_leg.record->client().address);
}

Step FirstOctets::handle(FrontEvent event)
{
    switch (event) {
    case FrontEvent::ClientReadable:
        return read();
    case FrontEvent::ClientFailed:
        return leave();
    case FrontEvent::DeadlineExpired:
        return expire();
    case FrontEvent::RecordBudgetSpent:
        return step::Drop { { EndedBy::Proxy, EndedHow::Limit, account::Cause::TlsFull } };
    case FrontEvent::SettingsChanged:
        if (m_leg.input.isEmpty()) // a header that has begun keeps its settings
            beginWaiting();
        break;
    case FrontEvent::ClientDrained:
    case FrontEvent::Continue:
    case FrontEvent::ExchangeFinished:
    case FrontEvent::PasswordJudged:
    case FrontEvent::DrainBegan: // a client that has not asked yet still gets its 503
        break;
    }
    return step::Stay {};
}

Step FirstOctets::dialled(Result<route::Dialled, net::DialError>, const policy::Decision &)
{
    Q_UNREACHABLE();
}

Step FirstOctets::read()
{
    switch (m_leg.readInput()) {
    case ReadStatus::WouldBlock:
        return step::Stay {};
    case ReadStatus::Ended:
        return leave();
    case ReadStatus::Data:
        break;
    }
    return recognize();
}

/// The client has gone without asking for anything, or the kernel does not watch it.
Step FirstOctets::leave()
{
    const net::StreamEnd end = m_leg.stream->end();
    if (end == net::StreamEnd::Unwatched)
        return endUnwatched();
    account::Ending ending = account::idleClientEnding(end);
    if (hasBegunHeader()) {
        ending.reason = account::Cause::RequestCut;
    } else if (m_leg.isEncrypted() && end == net::StreamEnd::Error
               && m_leg.context.shared->books.boundedLines.takeLine(Clock::now())) {
        // Some clients look at the certificate only after the handshake; then their alert comes
        // here. Without a reason this would count as a bare probe.
        ending.reason = net::TlsAcceptFault::Alert;
    }
    return step::Drop { ending };
}

Step FirstOctets::recognize()
{
    Q_ASSERT(!m_leg.input.isEmpty());
    switch (m_state) {
    case State::Header:
        return readHeader();
    case State::Outer:
        if (TlsEntrance::isFor(m_leg))
            return step::Become { std::make_unique<TlsEntrance>(m_leg) };
        break;
    case State::Inner:
        break;
    }
    if (m_leg.input.front() == socks5Version && config::speaksSocks5(m_leg.active->settings))
        return step::Become { std::make_unique<Socks5Front>(m_leg) };
    return step::Become { std::make_unique<HttpFront>(m_leg) };
}

Step FirstOctets::expire()
{
    Step found = read();
    if (!std::holds_alternative<step::Stay>(found))
        return found;
    if (hasBegunHeader())
        return step::Drop { { EndedBy::Proxy, EndedHow::TimeoutHead,
                              account::Cause::BadProxyHeader } };
    return step::Drop { { EndedBy::Proxy, EndedHow::TimeoutIdle } };
}

// --- Header ---

Step FirstOctets::readHeader()
{
    const door::ProxyHeaderProgress progress = door::readProxyHeader(m_leg.input);
    if (const auto *fault = std::get_if<door::ProxyHeaderFault>(&progress))
        return refuse(*fault);
    const auto *header = std::get_if<door::ProxyHeader>(&progress);
    return header ? applyHeader(*header) : step::Stay {};
}

/// From here on, the client that the header names is the client for everything.
Step FirstOctets::applyHeader(const door::ProxyHeader &header)
{
    m_state = State::Outer;
    m_leg.input.remove(0, header.size);
    if (header.kind == door::ProxyHeader::Kind::Local) {
        m_leg.record->setUnnamed();
    } else {
        m_leg.record->setClient(header.client);
        m_leg.postMortem.begin(Clock::now()); // the account starts with this client
        m_leg.place.moveTo(header.client.address);
        if (m_leg.place.kind() == Places::Kind::TurnedAway)
            return turnAway();
    }
    return m_leg.input.isEmpty() ? step::Stay {} : recognize();
}

/// Sends no answer: the peer expects none to a header, and might pass it on.
Step FirstOctets::refuse(door::ProxyHeaderFault fault)
{
    const account::Cause cause = fault == door::ProxyHeaderFault::NotAHeader
        ? account::Cause::NoProxyHeader
        : account::Cause::BadProxyHeader;
    // A misconfigured balancer sends thousands of these.
    const TimePoint now = Clock::now();
    const bool hasLine = m_leg.context.shared->books.boundedLines.takeLine(now);
    if (hasLine) {
        logInfo(unit, "a balancer's connection began without a PROXY protocol header that counts",
                { { "id", qint64(m_leg.record->id) },
                  { "client", addressText(m_leg.record->client().address) },
                  { "fault", QByteArray(toString(fault)) } });
    }
    m_leg.postMortem.close(0, { EndedBy::Proxy, EndedHow::BadRequest, cause }, now, hasLine);
    return step::Over {};
}

/// Answers at once, as receiveConnection() does: a client over its limit must not hold anything
/// while it waits for its answer.
Step FirstOctets::turnAway()
{
    const Reply reply = errorReply(
        m_leg.place.crowding() == Crowding::ClientFull ? OwnReply::ClientFull : OwnReply::Full);
    m_leg.stream->write(reply.write(false, false));
    m_leg.stream->shutdownWrite();
    // Unread input would make the close an RST, which would destroy the answer.
    static_cast<void>(m_leg.stream->read(net::scratchBuffer(), net::scratchSize));
    const TimePoint now = Clock::now();
    m_leg.postMortem.close(reply.status, { EndedBy::Proxy, EndedHow::Limit, reply.reason }, now,
                           m_leg.context.shared->books.boundedLines.takeLine(now));
    return step::Over {};
}

/// A machine that cannot watch its connections may report this for every new one, so the number of
/// log lines is bounded.
Step FirstOctets::endUnwatched()
{
    const account::Ending ending = account::idleClientEnding(m_leg.stream->end());
    const TimePoint now = Clock::now();
    m_leg.postMortem.close(0, ending, now, m_leg.context.shared->books.boundedLines.takeLine(now));
    return step::Over {};
}

bool FirstOctets::hasBegunHeader() const
{
    return m_state == State::Header && !m_leg.input.isEmpty();
}

} // namespace sami::server
