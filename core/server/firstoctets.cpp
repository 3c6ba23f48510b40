// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/firstoctets.h"

#include "config/exposure.h"
#include "net/scratchbuffer.h"
#include "server/clientleg.h"
#include "server/httpfront.h"
#include "server/socks5front.h"
#include "server/tlsentrance.h"

namespace sami::server {

using account::EndedBy;
using account::EndedHow;
using net::ByteStream;
using ReadStatus = ByteStream::ReadResult::Status;

namespace {

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
    if (m_leg.adoptSettings())
        m_leg.applyTcpKeepalive();
    m_leg.deadline.arm(m_leg.headTimeLeft());
    m_leg.stream->setReadEnabled(true);
    return step::Stay {};
}

Step FirstOctets::handle(FrontEvent event)
{
    switch (event) {
    case FrontEvent::ClientReadable:
        return read();
    case FrontEvent::ClientFailed:
        return step::Drop { account::idleClientEnding(m_leg.stream->end()) };
    case FrontEvent::DeadlineExpired:
        return expire();
    case FrontEvent::SettingsChanged:
        if (m_leg.adoptSettings())
            m_leg.applyTcpKeepalive();
        m_leg.deadline.arm(m_leg.headTimeLeft());
        break;
    case FrontEvent::ClientDrained:
    case FrontEvent::Continue:
    case FrontEvent::ExchangeFinished:
    case FrontEvent::DrainBegan: // who has not asked yet still gets its 503
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
    char *buffer = net::scratchBuffer();
    const ByteStream::ReadResult read = m_leg.stream->read(buffer, m_leg.kept.readAheadLimit());
    switch (read.status) {
    case ReadStatus::WouldBlock:
        return step::Stay {};
    case ReadStatus::Ended:
        return step::Drop { account::idleClientEnding(m_leg.stream->end()) };
    case ReadStatus::Data:
        break;
    }
    m_leg.input.append(buffer, read.size);
    return recognize();
}

Step FirstOctets::recognize()
{
    Q_ASSERT(!m_leg.input.isEmpty());
    if (m_state == State::Outer && TlsEntrance::isFor(m_leg))
        return step::Become { std::make_unique<TlsEntrance>(m_leg) };
    if (m_leg.input.front() == socks5Version && config::speaksSocks5(m_leg.active->settings))
        return step::Become { std::make_unique<Socks5Front>(m_leg) };
    return step::Become { std::make_unique<HttpFront>(m_leg) };
}

Step FirstOctets::expire()
{
    Step found = read();
    if (std::holds_alternative<step::Stay>(found))
        return step::Drop { { EndedBy::Proxy, EndedHow::TimeoutIdle } };
    return found;
}

} // namespace sami::server
