// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// How an exchange ends: what the client is told, and by which kind of close. The rest is in
// exchange.cpp and exchangeanswer.cpp.
#include "server/exchange.h"

#include <utility>

namespace sami::server {

using account::EndedBy;
using account::EndedHow;
using http::BodyKind;
using Next = ExchangeResult::Next;

void Exchange::handleSilence(std::chrono::milliseconds limit)
{
    if (m_phase == Phase::Finished)
        return;
    if (isBeforeHead()) {
        finishByReply(errorReply(OwnReply::Silence, limit),
                      { EndedBy::Proxy, EndedHow::TimeoutSilence, account::Cause::Silence });
        return;
    }
    finish(cutOff(), { EndedBy::Proxy, EndedHow::TimeoutSilence });
}

void Exchange::handleUnacknowledged()
{
    if (m_phase != Phase::Finished)
        finish(Next::RetryFresh, { EndedBy::Upstream, EndedHow::Keepalive });
}

void Exchange::failRequest(const http::BodyFault &fault)
{
    m_setup.upstream.stream->reset();
    if (isBeforeHead()) {
        finishByReply(errorReply(replyText(fault)),
                      { EndedBy::Client, EndedHow::BadRequest, fault });
        return;
    }
    finish(cutOff(), { EndedBy::Client, EndedHow::BadRequest, fault });
}

void Exchange::failResponse(EndedHow how, OwnReply reply, account::Reason reason)
{
    ReplyText text = replyText(reply);
    if (!reason.isNone()) {
        text.reason = reason;
        // The code is a phrase that names what is malformed.
        text.text += "Cause: " + QByteArray(reason.code()) + ".\n";
    }
    if (isBeforeHead()) {
        finishByReply(errorReply(text), { EndedBy::Upstream, how, text.reason });
        return;
    }
    if (!m_waitingHead.isEmpty())
        m_setup.client->write(std::exchange(m_waitingHead, {}));
    finish(cutOff(), { EndedBy::Upstream, how, text.reason });
}

ExchangeResult::Next Exchange::cutOff() const
{
    // A close before the announced length or the last chunk tells the client that something is
    // missing. Where only the close ends the body, an RST has to say it.
    const bool lengthTells = m_download.framing().kind == BodyKind::Length;
    const bool onlyResetTells = !m_download.isDone() && !lengthTells
        && (m_download.framing().kind == BodyKind::UntilClose
            || m_setup.intake->head.version == http::Version::Http10);
    return onlyResetTells ? Next::ResetClient : Next::CloseClient;
}

bool Exchange::needsResetToCut() const
{
    // Once finished, the decision stands until the front hears of it.
    return (m_phase == Phase::Body ? cutOff() : m_result.next) == Next::ResetClient;
}

void Exchange::finishClientGone(const account::Ending &ending)
{
    // A client that sent FIN and still reads must not take the part for the whole.
    if (needsResetToCut())
        m_setup.client->reset();
    finish(Next::DropClient, ending);
}

void Exchange::finishByReply(Reply reply, const account::Ending &ending)
{
    m_result.reply = std::make_unique<Reply>(std::move(reply));
    finish(Next::Reply, ending);
}

void Exchange::finish(ExchangeResult::Next next, const account::Ending &ending)
{
    // The front learns of the end later, perhaps after many other events. So a head that was
    // refused (for lack of budget, for example) is freed now.
    if (isBeforeHead())
        m_parser.reset();
    m_phase = Phase::Finished;
    m_result.next = next;
    m_result.ending = ending;
    m_result.clientEnded = m_clientEnded;
    m_result.endsClient = m_clientAfterwards == Afterwards::Distrust;
    if (m_keepsUpstream)
        m_setup.upstream.stream->setListener(nullptr);
    else
        m_setup.upstream.stream.reset();
    m_setup.tellFinished(next);
}

} // namespace sami::server
