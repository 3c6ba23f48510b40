// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// The HTTP front's own answers, and what becomes of the connection after them. The rest is in
// httpfront.cpp and httpforwarding.cpp.
#include "net/scratchbuffer.h"
#include "server/httpfront.h"

namespace sami::server {

using account::EndedBy;
using account::EndedHow;
using http::BodyKind;
using net::ByteStream;
using Mode = net::LingeringClose::Mode;
using ReadStatus = ByteStream::ReadResult::Status;

/// Records method and target, as far as they were read, of a head that never becomes a request.
void HttpFront::describeBegun()
{
    if (m_leg.lacksTls() && m_reading.hasCredentials())
        m_leg.warnOfClearPassword();
    const http::RequestHeadParser::Begun begun = m_reading.begun();
    m_leg.postMortem.describeRefused(begun.method, begun.target, begun.isTargetWhole);
}

Step HttpFront::follow(http::HeadFault fault)
{
    // A client with another protocol speaks it from the first octet of a connection. Later octets
    // may have been meant for a tunnel that was refused.
    if (m_leg.record->requests.load() == 0) {
        if (const auto foreign = http::recognizeForeign(m_reading.firstOctets()))
            return answerAndClose(errorReply(replyText(*foreign)), EndedBy::Proxy,
                                  EndedHow::BadRequest);
    }
    describeBegun();
    return answerAndClose(errorReply(replyText(fault)), EndedBy::Proxy, EndedHow::BadRequest);
}

bool HttpFront::keepsAfterReply(int status) const
{
    const bool clientIsDone = m_leg.hasEnded && m_leg.input.isEmpty();
    if (!m_intake->persists || clientIsDone || m_leg.place.crowding() != Crowding::None
        || m_leg.context.shared->draining.load())
        return false;
    // The sender, or a proxy before us, may take the next octets for a part of this head or of a
    // body.
    if (!m_intake->hasCertainEnd)
        return false;
    // Octets after a refused CONNECT were meant for its tunnel and cannot be told from a request.
    // So only a client that was asked for credentials keeps its connection: it has to try again.
    if (m_intake->isConnect())
        return status == 407 && m_leg.input.isEmpty() && m_leg.stream->isSilent();
    const http::BodyFraming &framing = m_intake->framing;
    if (framing.kind == BodyKind::None)
        return true;
    return !m_intake->expectsContinue() && framing.length <= quint64(BodyDiscard::maxBytes);
}

Step HttpFront::answer(const Reply &reply, EndedBy by, EndedHow how)
{
    Q_ASSERT(m_intake);
    const bool wasForwarding = m_state == State::Exchange;
    const bool hasBody = m_intake->framing.kind != BodyKind::None;
    // An exchange may have consumed part of the body. The start of the next request is then certain
    // only if there was no body.
    if (!keepsAfterReply(reply.status) || (wasForwarding && hasBody))
        return answerAndClose(reply, by, how);
    m_lastAnswerForwarded = false;
    m_leg.userPlace.reset(); // once it has the answer, the client may ask again anywhere
    const bool isWritten =
        m_leg.stream->write(reply.write(true, m_intake->isHead(), m_leg.active->keepAlive));
    m_leg.postMortem.close(reply.status, { by, how, reply.reason }, Clock::now());
    if (!isWritten)
        return step::Over {};
    if (!hasBody || m_intake->isConnect())
        return nextRequest();
    m_discard = std::make_unique<BodyDiscard>(m_intake->framing);
    forgetRequest();
    enter(State::Discard);
    return step::Stay {};
}

Step HttpFront::nextRequest()
{
    enter(State::ReadHead);
    return step::Stay {};
}

Step HttpFront::answerAndClose(const Reply &reply, EndedBy by, EndedHow how)
{
    const bool isHead = m_intake && m_intake->isHead();
    // If the client still reads a forwarded answer, linger() has to give it the time for that one:
    // closing sooner because of this reply would destroy it.
    m_lastAnswerForwarded = m_lastAnswerForwarded && m_leg.stream->undeliveredBytes() > 0;
    m_leg.userPlace.reset();
    const bool isWritten = m_leg.stream->write(reply.write(false, isHead));
    m_leg.postMortem.close(reply.status, { by, how, reply.reason }, Clock::now());
    if (!isWritten)
        return step::Over {};
    return linger(Mode::Linger);
}

Step HttpFront::discard(FrontEvent event)
{
    Q_ASSERT(m_discard);
    switch (event) {
    case FrontEvent::ClientReadable: {
        char *buffer = net::scratchBuffer();
        const ByteStream::ReadResult read = m_leg.stream->read(buffer, m_leg.kept.readAheadLimit());
        if (read.status == ReadStatus::Data)
            m_leg.input.append(buffer, read.size);
        if (read.status != ReadStatus::Ended)
            break;
        if (m_leg.stream->end() != net::StreamEnd::Fin)
            return step::Over {};
        // All requests that came before the FIN get their answers.
        m_leg.hasEnded = true;
        m_leg.stream->setReadEnabled(false);
        break;
    }
    case FrontEvent::Continue:
        break;
    case FrontEvent::ClientFailed:
        return step::Over {};
    case FrontEvent::DeadlineExpired:
    case FrontEvent::DrainBegan: // a client that withholds a body must not hold up the drain
        return step::Linger {};
    default:
        return step::Stay {};
    }
    switch (m_discard->feed(m_leg.input)) {
    case BodyDiscard::Status::Done:
        return nextRequest();
    case BodyDiscard::Status::GiveUp:
        return step::Linger {};
    case BodyDiscard::Status::NeedMore:
        break;
    }
    m_leg.trimInput();
    if (!m_leg.chargeInput(m_discard->heldBytes()))
        return step::Linger {};
    if (m_leg.hasEnded) // inside the body; the client may not have taken the answer yet
        return step::Linger {};
    return step::Stay {};
}

} // namespace sami::server
