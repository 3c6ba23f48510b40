// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/exchange.h"

#include "base/clock.h"
#include "base/heapcost.h"
#include "http/forwarding.h"
#include "http/headwriter.h"
#include "http/persistence.h"
#include "net/budgets.h"
#include "net/scratchbuffer.h"

#include <utility>

namespace sami::server {

using account::EndedBy;
using account::EndedHow;
using net::ByteStream;
using Next = ExchangeResult::Next;
using ReadStatus = ByteStream::ReadResult::Status;

Exchange::Exchange(Setup setup)
    : m_setup(std::move(setup)), m_upload(m_setup.intake->framing, m_setup.intake->framing)
{
    m_setup.upstream.isBound |= http::bindsConnection(m_setup.intake->head.fields, "Authorization");
    m_setup.upstream.stream->setListener(this);
}

Exchange::~Exchange() = default;

ExchangeResult Exchange::takeResult()
{
    ExchangeResult result { std::move(m_result) };
    if (m_keepsUpstream)
        result.upstream = std::move(m_setup.upstream);
    return result;
}

void Exchange::start()
{
    sendRequestHead();
    if (!isRetryable())
        m_setup.intake->forgetFields();
    if (m_phase != Phase::Finished && m_setup.clientEnded)
        handleClientEnd();
    chargeHeld();
    updateReading();
}

/// Charges what we hold of both peers' input to the budget of all connections. Read-ahead data
/// cannot be given back; once the budget is spent, it stops growing (updateReading()).
void Exchange::chargeHeld()
{
    if (m_phase == Phase::Finished)
        return;
    const qsizetype unfinished =
        m_parser.heldBytes() + m_upload.heldBytes() + m_download.heldBytes();
    const qsizetype waiting = m_setup.intake->heldBytes() + heapCost(*m_setup.clientInput);
    if (m_setup.kept->hold(unfinished + waiting) || unfinished <= OctetBudget::Share::freePart)
        return;
    if (isBeforeHead()) {
        finishByReply(errorReply(OwnReply::Overloaded), { EndedBy::Proxy, EndedHow::Limit });
        return;
    }
    finish(cutOff(), { EndedBy::Proxy, EndedHow::Limit, account::Cause::KeptInput });
}

/// A head is always written whole, however large. So while the budget of pending octets is
/// overdrawn, an exchange has to end if the peer does not take its head.
bool Exchange::hasUntakenHead(const net::ByteStream &peer) const
{
    return peer.budgets().pending.isOverdrawn()
        && peer.pendingBytes() > OctetBudget::Share::freePart;
}

void Exchange::sendRequestHead()
{
    const Intake &intake = *m_setup.intake;
    const http::RequestHead head = http::upstreamRequest(
        intake.head, intake.target, intake.framing, m_setup.pseudonym, intake.asksForWebSocket);
    QByteArray octets;
    http::writeRequestHead(octets, head);
    m_setup.traffic->countUp(octets.size(), Clock::now());
    if (isUploadDone()) {
        if (!m_setup.upstream.stream->write(octets))
            stopUpload();
        refuseUntakenHead();
        return;
    }
    QByteArray input = std::exchange(*m_setup.clientInput, {});
    const BodyPump::Progress progress = m_upload.feed(input, octets, *m_setup.upstream.stream);
    m_setup.traffic->countUp(progress.consumed, Clock::now());
    *m_setup.clientInput = input.sliced(progress.consumed);
    if (progress.status == BodyPump::Status::Malformed)
        failRequest(m_upload.fault());
    else if (progress.status == BodyPump::Status::SinkGone)
        stopUpload();
    refuseUntakenHead();
}

void Exchange::refuseUntakenHead()
{
    if (m_phase == Phase::Finished || !hasUntakenHead(*m_setup.upstream.stream))
        return;
    m_setup.upstream.stream->reset();
    finishByReply(errorReply(OwnReply::Overloaded), { EndedBy::Proxy, EndedHow::Limit });
}

// --- the client's side ---

void Exchange::handleClientReadable()
{
    if (m_phase == Phase::Finished)
        return;
    char *buffer = net::scratchBuffer();
    qsizetype room = m_setup.client->budgets().pending.forwardingReadSize();
    if (isUploadDone())
        room = std::min(room, m_setup.kept->readAheadLimit() - m_setup.clientInput->size());
    if (room > 0) {
        const ByteStream::ReadResult read = m_setup.client->read(buffer, room);
        if (read.status == ReadStatus::Ended) {
            handleClientEnd();
            return;
        }
        if (read.status == ReadStatus::Data)
            feedClientInput(QByteArrayView(buffer, read.size));
        chargeHeld();
    }
    updateReading();
}

void Exchange::feedClientInput(QByteArrayView input)
{
    if (isUploadDone() || m_uploadStopped) {
        m_setup.clientInput->append(input);
        return;
    }
    const BodyPump::Progress progress = m_upload.feed(input, {}, *m_setup.upstream.stream);
    m_setup.traffic->countUp(progress.consumed, Clock::now());
    m_setup.clientInput->append(input.sliced(progress.consumed));
    if (progress.status == BodyPump::Status::Malformed)
        failRequest(m_upload.fault());
    else if (progress.status == BodyPump::Status::SinkGone)
        stopUpload();
}

void Exchange::handleClientEnd()
{
    const net::StreamEnd end = m_setup.client->end();
    if (end == net::StreamEnd::Truncated) {
        handleClientTruncated();
        return;
    }
    if (end != net::StreamEnd::Fin && end != net::StreamEnd::None) {
        finishClientGone(account::clientEnding(end));
        return;
    }
    if (!isUploadDone() && !m_uploadStopped) {
        // RFC 9112 §8: a cut request must not look complete to the upstream.
        m_setup.upstream.stream->reset();
        finishClientGone({ EndedBy::Client, EndedHow::Fin, account::Cause::RequestCut });
        return;
    }
    // RFC 9112 §9.3.2: requests that came before the FIN still get their answers. The FIN belongs
    // to the last of them.
    const bool isLast = m_setup.clientInput->isEmpty();
    // The client has sent all it will send, and only the client knows whether it still reads. So
    // the upstream gets the same FIN and decides as if it faced the client itself. Where a FIN
    // cannot be passed on (TLS), a client that closes is taken to be gone, unless it has shown that
    // it still reads.
    const bool passesFin = isLast && m_setup.upstream.stream->canHalfClose();
    if (isLast && !passesFin && !m_setup.clientReadsOn) {
        finishClientGone({ EndedBy::Client, EndedHow::Fin });
        return;
    }
    m_clientEnded = true;
    m_setup.client->setReadEnabled(false);
    if (!isLast)
        return;
    if (m_clientAfterwards == Afterwards::Keep)
        m_clientAfterwards = Afterwards::Close;
    if (passesFin) {
        m_upstreamAfterwards = Afterwards::Close;
        m_setup.upstream.stream->shutdownWrite();
    }
}

/// Over TLS nothing can be sent to a client that ended without close_notify, and nobody knows
/// whether the end came from the client.
void Exchange::handleClientTruncated()
{
    if (isUploadDone() || m_uploadStopped) { // its request was complete: it has just left
        finishClientGone({ EndedBy::Client, EndedHow::Fin });
        return;
    }
    m_setup.upstream.stream->reset();
    finishClientGone(account::clientEnding(net::StreamEnd::Truncated));
}

void Exchange::handleClientDrained()
{
    if (m_phase != Phase::Finished)
        updateReading();
}

void Exchange::handleClientFailed()
{
    if (m_phase != Phase::Finished)
        finishClientGone(account::clientEnding(m_setup.client->end()));
}

void Exchange::stopUpload()
{
    // The upstream takes no more, but its answer may still be on the way: keep reading.
    m_uploadStopped = true;
    m_upstreamAfterwards = Afterwards::Close;
}

void Exchange::updateReading()
{
    if (m_phase == Phase::Finished)
        return;
    const bool readAheadFull = m_setup.clientInput->size() >= m_setup.kept->readAheadLimit();
    const bool bodyWaits = m_uploadStopped && !isUploadDone();
    m_setup.client->setReadEnabled(!m_clientEnded && !readAheadFull && !bodyWaits
                                   && m_setup.upstream.stream->pendingBytes() == 0);
    m_setup.upstream.stream->setReadEnabled(m_setup.client->pendingBytes() == 0);
}

qsizetype Exchange::undeliveredBytes() const
{
    const net::StreamPtr &upstream = m_setup.upstream.stream;
    return m_setup.client->undeliveredBytes() + (upstream ? upstream->undeliveredBytes() : 0);
}

bool Exchange::isUnacknowledged() const
{
    const net::StreamPtr &upstream = m_setup.upstream.stream;
    return upstream && upstream->undeliveredBytes() > 0;
}

} // namespace sami::server
