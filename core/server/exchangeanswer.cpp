// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// The response side of an exchange. The request side is in exchange.cpp, the endings are in
// exchangeends.cpp.
#include "base/clock.h"
#include "http/forwarding.h"
#include "http/headwriter.h"
#include "http/persistence.h"
#include "http/syntax.h"
#include "net/budgets.h"
#include "net/scratchbuffer.h"
#include "server/exchange.h"

#include <utility>

namespace sami::server {

using account::EndedBy;
using account::EndedHow;
using account::howOf;
using http::BodyKind;
using net::ByteStream;
using Next = ExchangeResult::Next;
using ReadStatus = ByteStream::ReadResult::Status;

/// Handles a reset while reading is off, or a failed flush. What the upstream sent before can still
/// be read.
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
    ByteStream &upstream = *m_setup.upstream.stream;
    const ByteStream::ReadResult read =
        upstream.read(buffer, upstream.budgets().pending.forwardingReadSize());
    if (read.status == ReadStatus::Ended) {
        handleUpstreamEnd();
        return;
    }
    if (read.status == ReadStatus::WouldBlock)
        return;
    if (m_phase == Phase::Unheard) {
        m_phase = Phase::AwaitingHead;
        m_setup.intake->forgetFields(); // a retry is no longer possible
    }
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
    if (awaitedHead && hasUntakenHead(*m_setup.client)) {
        finish(Next::ResetClient, { EndedBy::Proxy, EndedHow::Limit, account::Cause::KeptInput });
        return;
    }
    chargeHeld();
    updateReading();
}

qsizetype Exchange::takeResponse(QByteArrayView input)
{
    if (m_phase == Phase::AwaitingHead) {
        const http::HeadProgress progress = m_parser.feed(input);
        if (progress.status == http::HeadProgress::Status::Failed) {
            failResponse(EndedHow::BadResponse, OwnReply::MalformedResponse, progress.error.code);
        } else if (progress.status == http::HeadProgress::Status::Complete) {
            const http::ResponseHead head = m_parser.take();
            m_setup.upstream.wasMended |= head.isMended;
            // RFC 9110 §8.6, RFC 9112 §6.1: no interim response has a body. An upstream that
            // announces one may also send it.
            m_setup.upstream.wasMended |= head.isInterim() && http::mentionsFraming(head.fields);
            // Some readers take a vertical tab or a file separator for a line end. Such a client
            // sees other fields than were sent, perhaps other framing: it must not be given another
            // origin's answer to misread.
            if (head.keepsControls)
                m_clientAfterwards = Afterwards::Distrust;
            if (head.status == 101) {
                m_result.upstreamInput = input.sliced(progress.consumed).toByteArray();
                takeUpgrade(head);
                return input.size();
            }
            const bool isLast = input.size() == progress.consumed;
            takeResponseHead(head);
            // A response without a body is over with its head; anything after it is surplus.
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
        failResponse(EndedHow::BadResponse, OwnReply::MalformedResponse, m_download.fault());
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
        failResponse(EndedHow::BadResponse, OwnReply::MalformedResponse, framing.error());
        return;
    }
    const http::BodyFraming outgoing = http::clientFraming(*framing, intake.head.version);
    const bool clientIsDone = m_clientEnded && m_setup.clientInput->isEmpty();
    if (intake.persists && !clientIsDone && !m_setup.draining->load()
        && m_clientAfterwards != Afterwards::Distrust && outgoing.kind != BodyKind::UntilClose)
        m_clientAfterwards = Afterwards::Keep;
    if (!m_uploadStopped && !clientIsDone && http::upstreamPersists(head, *framing)) {
        m_upstreamAfterwards = Afterwards::Keep;
        m_setup.upstream.announcedIdle = http::keepAliveTimeout(head.fields);
    }
    m_setup.upstream.isBound |= http::bindsConnection(head.fields, "WWW-Authenticate");
    m_setup.upstream.wasMended |= framing->isMended;
    m_download = BodyPump(*framing, outgoing);
    m_result.status = head.status;

    http::ResponseContext context;
    context.clientVersion = intake.head.version;
    context.framing = outgoing;
    context.keepsClient = m_clientAfterwards == Afterwards::Keep;
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
    m_keepsUpstream = true;
    finish(Next::Tunnel, { EndedBy::Upstream, EndedHow::Complete });
}

void Exchange::completeResponse(bool hasSurplus)
{
    if (!m_waitingHead.isEmpty() && !m_setup.client->write(std::exchange(m_waitingHead, {}))) {
        handleClientFailed();
        return;
    }
    // An upstream connection is not kept if octets follow the response, because they answer no
    // request. It is not kept either if a head had to be mended or the request was not sent in
    // full.
    m_keepsUpstream = m_upstreamAfterwards == Afterwards::Keep && !m_setup.upstream.wasMended
        && !hasSurplus && isUploadDone() && m_setup.upstream.stream->pendingBytes() == 0;
    const bool keepsClient = m_clientAfterwards == Afterwards::Keep && isUploadDone();
    finish(keepsClient ? Next::KeepClient : Next::CloseClient,
           { EndedBy::Upstream, EndedHow::Complete });
}

void Exchange::handleUpstreamEnd()
{
    const net::StreamEnd end = m_setup.upstream.stream->end();
    if (m_phase == Phase::Body) {
        if (end == net::StreamEnd::Fin && m_download.finish()) {
            completeResponse(false);
            return;
        }
        failResponse(howOf(end), OwnReply::ResponseCut);
        return;
    }
    if (isUnproven()) {
        finish(Next::RetryFresh, { EndedBy::Upstream, howOf(end) });
        return;
    }
    failResponse(howOf(end),
                 m_phase == Phase::Unheard ? OwnReply::NoResponse : OwnReply::ResponseCut);
}

bool Exchange::isRetryable() const
{
    // Only once, and only where a repetition does no harm: never a POST, never with a body.
    return m_setup.upstream.isReused && m_setup.intake->framing.kind == BodyKind::None
        && http::isIdempotent(m_setup.intake->head.method);
}

} // namespace sami::server
