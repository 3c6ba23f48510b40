// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// How a session answers by itself and how it ends: own replies, the states Discard and Linger, a
// client that is dropped. The rest of its story is in session.cpp and sessionupstream.cpp.
#include "net/scratchbuffer.h"
#include "server/session.h"

#include <algorithm>
#include <utility>

namespace sami::server {

using http::BodyKind;
using net::ByteStream;
using net::LingeringClose;
using ReadStatus = ByteStream::ReadResult::Status;

namespace {

/// To keep a connection after an error, this much of the request's body is read and dropped; more
/// would cost more than a new connection.
constexpr qsizetype maxDiscardedBody = qsizetype(256) * 1024;

/// The longest signature of another protocol, and more.
constexpr qsizetype tellingOctets = 32;

} // namespace

/// A head that never becomes a request has its method and target in the account all the same, as
/// far as they were read.
void Session::describeBegun()
{
    const http::RequestHeadParser::Begun begun = m_parser->begun();
    m_postMortem.describeRefused(begun.method, begun.target, begun.isTargetWhole);
}

Session::State Session::refuseHead(http::HeadFault fault)
{
    // Whoever speaks another protocol does so from the first octet of a connection; later it may be
    // what was meant for a tunnel that was refused.
    if (m_record->requests.load() == 0) {
        const QByteArray first =
            m_parser->consumedOfStart() + m_input.first(std::min(m_input.size(), tellingOctets));
        if (const auto foreign = http::recognizeForeign(first))
            return answerAndClose(errorReply(replyText(*foreign)), EndedBy::Proxy,
                                  EndedHow::BadRequest);
    }
    describeBegun();
    return answerAndClose(errorReply(replyText(fault)), EndedBy::Proxy, EndedHow::BadRequest);
}

bool Session::keepsAfterReply(int status) const
{
    const bool clientIsDone = m_clientEnded && m_input.isEmpty();
    if (!m_intake->persists || clientIsDone || m_place.crowding() != Crowding::None
        || m_context.shared->draining.load())
        return false;
    // What follows a CONNECT is for the tunnel, though there is none: no request can be told from
    // it. A client that was asked for credentials is the exception, for it is to try once more, but
    // not where only leniency accepted its head: what comes next may be a part of that head, or of
    // a body, to whoever sent it or passed it on.
    if (!m_intake->hasCertainEnd)
        return false;
    if (m_intake->isConnect())
        return status == 407 && m_input.isEmpty() && m_client->isSilent();
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
    if (!keepsAfterReply(reply.status) || (wasForwarding && hasBody))
        return answerAndClose(reply, by, how);
    m_owesAnswer = false;
    const bool isWritten =
        m_client->write(reply.write(true, m_intake->isHead(), m_active->keepAlive));
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
    // Answered straight from ReadHead: the state is entered once more, with what was read ahead.
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
        const ByteStream::ReadResult read = m_client->read(buffer, m_kept.readAheadLimit());
        if (read.status == ReadStatus::Data)
            m_input.append(buffer, read.size);
        if (read.status != ReadStatus::Ended)
            break;
        if (m_client->end() != net::StreamEnd::Fin)
            return State::Closed;
        // What came before the FIN is to be answered to the last request.
        m_clientEnded = true;
        m_client->setReadEnabled(false);
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
        if (step.status == http::BodyReader::Status::NeedMore) {
            trimInput();
            if (!keep(m_discarded->heldBytes())) {
                closeClientLater(LingeringClose::Mode::Linger);
                return State::Linger;
            }
            return m_clientEnded ? State::Closed : m_state;
        }
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
