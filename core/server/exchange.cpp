// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/exchange.h"

#include "base/clock.h"
#include "base/heapcost.h"
#include "http/forwarding.h"
#include "http/headwriter.h"
#include "http/persistence.h"
#include "http/syntax.h"
#include "net/pendingbudget.h"
#include "net/scratchbuffer.h"

#include <utility>

namespace sami::server {

using http::BodyKind;
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
    return std::move(m_result);
}

void Exchange::start()
{
    sendRequestHead();
    if (!isRetryable())
        m_setup.intake->forgetFields();
    if (m_phase != Phase::Finished && m_setup.clientEnded)
        handleClientEnd();
    account();
    updateReading();
}

/// Charges what is kept of what both peers sent to the budget of all connections. What is read
/// ahead cannot be given back; where that is spent it stops growing (updateReading()).
void Exchange::account()
{
    if (m_phase == Phase::Finished)
        return;
    const qsizetype unfinished =
        m_parser.heldBytes() + m_upload.heldBytes() + m_download.heldBytes();
    const qsizetype waiting = m_setup.intake->heldBytes() + heapCost(*m_setup.clientInput);
    if (m_setup.kept->hold(unfinished + waiting) || unfinished <= OctetBudget::Share::freePart)
        return;
    if (m_phase == Phase::AwaitingHead) {
        m_result.reply = errorReply(OwnReply::Overloaded);
        finish(Next::Reply, EndedBy::Proxy, EndedHow::Limit);
        return;
    }
    finish(cutOff(), EndedBy::Proxy, EndedHow::Limit, "kept_input");
}

/// A head is written whole, however large it is: while all that peers do not take is too much, one
/// that is not taken either stays nobody's.
bool Exchange::isLeftWith(const net::ByteStream &peer) const
{
    return net::isPendingOverdrawn() && peer.pendingBytes() > OctetBudget::Share::freePart;
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
    if (m_phase == Phase::Finished || !isLeftWith(*m_setup.upstream.stream))
        return;
    m_setup.upstream.stream->reset();
    m_result.reply = errorReply(OwnReply::Overloaded);
    finish(Next::Reply, EndedBy::Proxy, EndedHow::Limit);
}

// --- the client's side ---

void Exchange::handleClientReadable()
{
    if (m_phase == Phase::Finished)
        return;
    char *buffer = net::scratchBuffer();
    qsizetype room = net::forwardingReadSize();
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
        account();
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
    if (end != net::StreamEnd::Fin && end != net::StreamEnd::None) {
        finishClientGone(endedHow(end), {});
        return;
    }
    if (!isUploadDone() && !m_uploadStopped) {
        // RFC 9112 §8: a cut request must not look complete to the upstream.
        m_setup.upstream.stream->reset();
        finishClientGone(EndedHow::Fin, "request_incomplete");
        return;
    }
    // RFC 9112 §9.3.2: requests that came before the FIN wait for their answers. Theirs is the
    // FIN, this request is one in the middle.
    const bool isLast = m_setup.clientInput->isEmpty();
    // The client has said all it will say. Whether it still listens only it knows: the upstream
    // gets the same FIN and decides as if it had the client itself before it. Where a FIN cannot
    // be passed on (TLS), a client that closes is taken to be gone, unless it showed otherwise.
    const bool passesFin = isLast && m_setup.upstream.stream->canHalfClose();
    if (isLast && !passesFin && !m_setup.clientReadsOn) {
        finishClientGone(EndedHow::Fin, {});
        return;
    }
    m_clientEnded = true;
    m_setup.client->setReadEnabled(false);
    if (!isLast)
        return;
    m_keepsClient = false;
    if (passesFin) {
        m_upstreamPersists = false;
        m_setup.upstream.stream->shutdownWrite();
    }
}

void Exchange::handleClientDrained()
{
    if (m_phase != Phase::Finished)
        updateReading();
}

void Exchange::handleClientFailed()
{
    if (m_phase != Phase::Finished)
        finishClientGone(endedHow(m_setup.client->end()), {});
}

void Exchange::stopUpload()
{
    // The upstream takes no more, but its answer may still be on its way: go on reading it.
    m_uploadStopped = true;
    m_upstreamPersists = false;
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

// --- the upstream's side ---

/// A reset while paused or a failed flush: what the upstream said before can still be read.
void Exchange::handleUpstreamFailed()
{
    stopUpload();
    handleUpstreamReadable();
}

void Exchange::handleUpstreamReadable()
{
    if (m_phase == Phase::Finished || m_setup.client->pendingBytes() > 0)
        return;
    char *buffer = net::scratchBuffer();
    const ByteStream::ReadResult read =
        m_setup.upstream.stream->read(buffer, net::forwardingReadSize());
    if (read.status == ReadStatus::Ended) {
        handleUpstreamEnd();
        return;
    }
    if (read.status == ReadStatus::WouldBlock)
        return;
    if (!std::exchange(m_heardUpstream, true))
        m_setup.intake->forgetFields(); // no retry any more
    m_setup.traffic->countDown(read.size, Clock::now());

    const bool awaitedHead = m_phase == Phase::AwaitingHead;
    QByteArrayView rest(buffer, read.size);
    while (!rest.isEmpty() && m_phase != Phase::Finished)
        rest = rest.sliced(takeResponse(rest));
    if (m_phase == Phase::Finished)
        return;
    if (!m_waitingHead.isEmpty() && !m_setup.client->write(std::exchange(m_waitingHead, {}))) {
        handleClientFailed();
        return;
    }
    if (awaitedHead && isLeftWith(*m_setup.client)) {
        finish(Next::ResetClient, EndedBy::Proxy, EndedHow::Limit, "kept_input");
        return;
    }
    account();
    updateReading();
}

qsizetype Exchange::takeResponse(QByteArrayView input)
{
    if (m_phase == Phase::AwaitingHead) {
        const http::HeadProgress progress = m_parser.feed(input);
        if (progress.status == http::HeadProgress::Status::Failed) {
            failResponse(EndedHow::BadResponse, OwnReply::MalformedResponse,
                         http::toString(progress.error.code));
        } else if (progress.status == http::HeadProgress::Status::Complete) {
            const http::ResponseHead head = m_parser.take();
            m_setup.upstream.wasMended |= head.isMended;
            // RFC 9110 §8.6, RFC 9112 §6.1: none of these has a body, and who announces one may
            // send it.
            m_setup.upstream.wasMended |= head.isInterim() && http::mentionsFraming(head.fields);
            m_toldControls |= head.keepsControls;
            if (head.status == 101) {
                m_result.upstreamInput = input.sliced(progress.consumed).toByteArray();
                takeUpgrade(head);
                return input.size();
            }
            const bool isLast = input.size() == progress.consumed;
            takeResponseHead(head);
            // A response without a body is over with its head, what follows is surplus.
            if (m_phase == Phase::Body && m_download.isDone())
                completeResponse(!isLast);
        }
        return progress.consumed;
    }
    const BodyPump::Progress progress =
        m_download.feed(input, std::exchange(m_waitingHead, {}), *m_setup.client);
    switch (progress.status) {
    case BodyPump::Status::NeedMore:
        break;
    case BodyPump::Status::Done:
        completeResponse(progress.consumed < input.size());
        break;
    case BodyPump::Status::Malformed:
        failResponse(EndedHow::BadResponse, OwnReply::MalformedResponse,
                     http::toString(m_download.fault()));
        break;
    case BodyPump::Status::SinkGone:
        handleClientFailed();
        break;
    }
    return progress.consumed;
}

void Exchange::takeResponseHead(const http::ResponseHead &head)
{
    const Intake &intake = *m_setup.intake;
    if (head.isInterim()) {
        // RFC 9110 §15.2: never to an HTTP/1.0 client.
        if (intake.head.version == http::Version::Http11)
            http::writeResponseHead(m_waitingHead,
                                    http::clientInterimResponse(head, m_setup.pseudonym));
        return;
    }
    const auto framing = http::responseFraming(head, intake.head.method);
    if (!framing) {
        failResponse(EndedHow::BadResponse, OwnReply::MalformedResponse,
                     http::toString(framing.error()));
        return;
    }
    const http::BodyFraming outgoing = http::clientFraming(*framing, intake.head.version);
    const bool clientIsDone = m_clientEnded && m_setup.clientInput->isEmpty();
    // Some readers take a vertical tab or a file separator for a line end. Such a client finds
    // other fields than were sent, framing perhaps: what it reads next must not be another origin's
    // answer.
    m_keepsClient = intake.persists && !clientIsDone && !m_setup.draining->load() && !m_toldControls
        && outgoing.kind != BodyKind::UntilClose;
    m_upstreamPersists =
        !m_uploadStopped && !clientIsDone && http::upstreamPersists(head, *framing);
    if (m_upstreamPersists)
        m_setup.upstream.toldIdle = http::keepAliveTimeout(head.fields);
    m_setup.upstream.isBound |= http::bindsConnection(head.fields, "WWW-Authenticate");
    m_setup.upstream.wasMended |= framing->isMended;
    m_download = BodyPump(*framing, outgoing);
    m_result.status = head.status;

    http::ResponseContext context;
    context.clientVersion = intake.head.version;
    context.framing = outgoing;
    context.keepsClient = m_keepsClient;
    context.unixTime = WallClock::to_time_t(WallClock::now());
    context.pseudonym = m_setup.pseudonym;
    context.keepAlive = m_setup.keepAlive;
    http::writeResponseHead(m_waitingHead, http::clientResponse(head, context));
    m_phase = Phase::Body;
}

void Exchange::takeUpgrade(const http::ResponseHead &head)
{
    if (!m_setup.intake->asksForWebSocket) {
        failResponse(EndedHow::BadResponse, OwnReply::UnaskedUpgrade);
        return;
    }
    http::writeResponseHead(m_waitingHead, http::clientUpgradeResponse(head, m_setup.pseudonym));
    m_result.status = head.status;
    if (!m_setup.client->write(std::exchange(m_waitingHead, {}))) {
        handleClientFailed();
        return;
    }
    m_result.upstream = std::move(m_setup.upstream);
    finish(Next::Tunnel, EndedBy::Upstream, EndedHow::Complete);
}

void Exchange::completeResponse(bool hasSurplus)
{
    if (!m_waitingHead.isEmpty() && !m_setup.client->write(std::exchange(m_waitingHead, {}))) {
        handleClientFailed();
        return;
    }
    // Octets behind a response are no response: that connection is not to be trusted again. Nor
    // is one on which a head had to be mended, or whose request was not sent to its end.
    if (m_upstreamPersists && !m_setup.upstream.wasMended && !hasSurplus && isUploadDone()
        && m_setup.upstream.stream->pendingBytes() == 0) {
        m_result.upstream = std::move(m_setup.upstream);
    }
    finish(m_keepsClient && isUploadDone() ? Next::KeepClient : Next::CloseClient,
           EndedBy::Upstream, EndedHow::Complete);
}

void Exchange::handleUpstreamEnd()
{
    const net::StreamEnd end = m_setup.upstream.stream->end();
    if (m_phase == Phase::Body) {
        if (end == net::StreamEnd::Fin && m_download.finish()) {
            completeResponse(false);
            return;
        }
        failResponse(endedHow(end), OwnReply::ResponseCut);
        return;
    }
    if (!m_heardUpstream && isRetryable()) {
        finish(Next::RetryFresh, EndedBy::Upstream, endedHow(end));
        return;
    }
    failResponse(endedHow(end), m_heardUpstream ? OwnReply::ResponseCut : OwnReply::NoResponse);
}

bool Exchange::isRetryable() const
{
    // Once, and only where a repetition does no harm: never a POST, never with a body.
    return m_setup.upstream.isReused && m_setup.intake->framing.kind == BodyKind::None
        && http::isIdempotent(m_setup.intake->head.method);
}

} // namespace sami::server
