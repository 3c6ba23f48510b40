// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/tlsentrance.h"

#include "base/logging.h"
#include "server/clientleg.h"
#include "server/firstoctets.h"

#include <utility>

namespace sami::server {

using account::Cause;
using account::EndedBy;
using account::EndedHow;
using door::ClientHello;
using net::TlsAcceptance;
using net::TlsAcceptFault;
using ReadStatus = net::ByteStream::ReadResult::Status;

namespace {

constexpr char unit[] = "server.tlsentrance";

constexpr char handshakeRecord = 0x16; // RFC 8446 §5.1

/// A whole flight and one more read.
constexpr qsizetype readAheadInTurn = qsizetype(32) * 1024;

EndedBy enderOf(TlsAcceptFault fault)
{
    switch (fault) {
    case TlsAcceptFault::Untrusted:
    case TlsAcceptFault::Alert:
    case TlsAcceptFault::Cut:
        return EndedBy::Client;
    default:
        return EndedBy::Proxy;
    }
}

} // namespace

bool TlsEntrance::isFor(const ClientLeg &leg)
{
    return leg.active->identity && leg.active->settings.tls.mode != config::TlsMode::Off
        && leg.input.startsWith(handshakeRecord);
}

TlsEntrance::TlsEntrance(ClientLeg &leg) : m_leg(leg), m_context(leg.active->identity)
{
    if (HandshakeTurns *turns = leg.context.handshakes)
        m_claim.emplace(*turns, leg.record->id, leg.record->client().address, leg.owner);
}

TlsEntrance::~TlsEntrance() = default;

Step TlsEntrance::start()
{
    return look(0);
}

Step TlsEntrance::handle(FrontEvent event)
{
    switch (event) {
    case FrontEvent::ClientReadable:
        return read();
    case FrontEvent::Continue:
        return m_state == State::Turn ? shake() : step::Stay {};
    case FrontEvent::ClientFailed:
        return cut();
    case FrontEvent::DeadlineExpired:
        return end({ EndedBy::Proxy, EndedHow::TimeoutHead, Cause::TlsTimeout });
    case FrontEvent::ClientDrained:
    case FrontEvent::ExchangeFinished:
    case FrontEvent::PasswordJudged:
    case FrontEvent::RecordBudgetSpent:
    case FrontEvent::SettingsChanged: // takes effect once TLS is up
    case FrontEvent::DrainBegan:      // a client that has not asked yet still gets its 503
        break;
    }
    return step::Stay {};
}

Step TlsEntrance::dialled(Result<route::Dialled, net::DialError>, const policy::Decision &)
{
    Q_UNREACHABLE();
}

/// Reads during the wait for a turn too: a client that has left must not keep its place until the
/// header timeout.
Step TlsEntrance::read()
{
    const qsizetype before = m_leg.input.size();
    switch (m_leg.readInput()) {
    case ReadStatus::WouldBlock:
        return step::Stay {};
    case ReadStatus::Ended:
        // The client's last flight has arrived, perhaps with a request. The FIN then half-closes
        // the stream inside TLS, which judges it.
        if (m_state == State::Turn && m_acceptance) {
            m_leg.stream->setReadEnabled(false);
            return step::Stay {};
        }
        return cut();
    case ReadStatus::Data:
        break;
    }
    return m_state == State::Turn ? keepWaiting() : look(before);
}

/// Bounds what the client sends ahead of our answer.
Step TlsEntrance::keepWaiting()
{
    if (!m_leg.chargeInput(0))
        return end({ EndedBy::Proxy, EndedHow::Limit, Cause::KeptInput });
    m_leg.stream->setReadEnabled(m_leg.input.size() < readAheadInTurn);
    return step::Stay {};
}

/// Examines the octets from `from` on.
Step TlsEntrance::look(qsizetype from)
{
    switch (m_hello.feed(QByteArrayView(m_leg.input).sliced(from))) {
    case ClientHello::Verdict::TooLong:
        return end({ EndedBy::Proxy, EndedHow::BadRequest, TlsAcceptFault::NotTls });
    case ClientHello::Verdict::NeedMore:
        if (!m_leg.chargeInput(0))
            return end({ EndedBy::Proxy, EndedHow::Limit, Cause::KeptInput });
        break;
    case ClientHello::Verdict::Whole:
        m_state = State::Turn;
        if (!m_claim)
            return shake();
        m_claim->askForTurn();
        return keepWaiting();
    }
    return step::Stay {};
}

/// The expensive part: mostly a signature.
Step TlsEntrance::shake()
{
    if (!m_acceptance) {
        m_leg.clientTls = std::make_unique<OctetBudget::Share>(m_leg.context.shared->tlsClients);
        if (m_leg.clientTls->hold(net::tlsHandshakeCost))
            m_acceptance = net::makeTlsAcceptance(*m_context, *m_leg.stream);
        if (!m_acceptance)
            return end({ EndedBy::Proxy, EndedHow::Limit, Cause::TlsFull });
    }
    const QByteArray octets = std::exchange(m_leg.input, {});
    static_cast<void>(m_leg.chargeInput(0));
    switch (m_acceptance->step(octets)) {
    case TlsAcceptance::Outcome::NeedsInput:
        m_state = State::Answer;
        if (m_claim)
            m_claim->stepDone();
        m_leg.stream->setReadEnabled(true);
        if (m_leg.stream->end() != net::StreamEnd::None)
            return cut();
        return step::Stay {};
    case TlsAcceptance::Outcome::Done:
        return finish();
    case TlsAcceptance::Outcome::Failed:
        break;
    }
    return fail();
}

Step TlsEntrance::finish()
{
    const auto version =
        m_acceptance->isTls13() ? account::TlsVersion::Tls13 : account::TlsVersion::Tls12;
    m_leg.setTls(version);
    m_leg.context.shared->books.ledger.handshakeEnded({ version });
    static_cast<void>(m_leg.clientTls->hold(net::tlsClientCost)); // less than before
    m_leg.stream = m_acceptance->takeStream(std::move(m_leg.stream), [leg = &m_leg](bool isThere) {
        leg->chargePartialRecord(isThere);
    });
    return step::Become { std::make_unique<FirstOctets>(m_leg) };
}

Step TlsEntrance::fail()
{
    const TlsAcceptFault fault = m_acceptance->fault();
    logDebug(unit, "handshake failed", [&]() -> std::vector<LogField> {
        return { { "id", qint64(m_leg.record->id) }, { "detail", m_acceptance->detail() } };
    });
    if (fault == TlsAcceptFault::Untrusted)
        sayUntrusted();
    const EndedBy by = enderOf(fault);
    close({ by, by == EndedBy::Proxy ? EndedHow::BadRequest : EndedHow::Error, fault });
    return step::Linger {}; // an RST would destroy the alert
}

/// In words, for those who set up clients: `reason` alone is a code.
void TlsEntrance::sayUntrusted() const
{
    if (!m_leg.context.shared->books.boundedLines.takeLine(Clock::now()))
        return;
    logInfo(unit,
            "a client does not trust the proxy's certificate: give it the link or the certificate",
            { { "id", qint64(m_leg.record->id) },
              { "client", addressText(m_leg.record->client().address) },
              { "alert", m_acceptance->detail() } });
}

Step TlsEntrance::cut()
{
    account::Ending ending = account::clientEnding(m_leg.stream->end());
    if (ending.reason.isNone())
        ending.reason = TlsAcceptFault::Cut;
    return end(ending);
}

Step TlsEntrance::end(account::Ending ending)
{
    close(ending);
    return step::Over {};
}

void TlsEntrance::close(account::Ending ending)
{
    account::Books &books = m_leg.context.shared->books;
    books.ledger.handshakeEnded({ account::TlsVersion::None, ending.reason });
    // An ending without a reason is logged at debug, like that of a bare probe.
    if (!books.boundedLines.takeLine(Clock::now()))
        ending.reason = {};
    m_leg.postMortem.close(0, ending, Clock::now());
}

} // namespace sami::server
