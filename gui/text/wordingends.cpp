// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Why requests, tunnels and connections ended. ending.h has the table of all ends.
#include "gui/text/formatting.h"
#include "gui/text/wording.h"

namespace sami::gui {

using account::EndedBy;
using account::EndedHow;
using account::FinishedWork;

namespace {

QString byClient(const FinishedWork &work, const QString &client, const QString &server)
{
    return work.ending.by == EndedBy::Client ? client : server;
}

} // namespace

QString Wording::ending(EndKind ending)
{
    switch (ending) {
    case EndKind::Complete:
        return tr("Complete");
    case EndKind::Cut:
        return tr("Cut");
    case EndKind::Refused:
        return tr("Refused");
    case EndKind::Unreached:
        return tr("Not reached");
    case EndKind::Unused:
        return tr("No request");
    }
    return {};
}

QString Wording::cut(CutBy by)
{
    switch (by) {
    case CutBy::Client:
        return tr("Cut by the client");
    case CutBy::Server:
        return tr("Cut by the server");
    case CutBy::Proxy:
        return tr("Cut by the proxy");
    case CutBy::User:
        return tr("Cut by you");
    }
    return {};
}

QStringList Wording::endings()
{
    return { ending(EndKind::Complete),  ending(EndKind::Cut),    ending(EndKind::Refused),
             ending(EndKind::Unreached), ending(EndKind::Unused), cut(CutBy::Client),
             cut(CutBy::Server),         cut(CutBy::Proxy),       cut(CutBy::User) };
}

QString Wording::ending(const FinishedWork &work)
{
    const std::optional<CutBy> by = cutBy(work);
    return by ? cut(*by) : ending(endingOf(work));
}

std::optional<QString> Wording::afterClient(const FinishedWork &work)
{
    const QString after = Formatting::duration(work.duration);
    const bool isIncomplete = work.ending.reason == account::Cause::RequestCut;
    if (!isIncomplete && !work.ending.reason.isNone())
        return std::nullopt;
    switch (work.ending.how) {
    case EndedHow::Fin:
        if (isIncomplete)
            return tr("The client closed the connection before its request was complete, after %1")
                .arg(after);
        if (wasUnused(work))
            return tr("The client closed the connection without a request, after %1").arg(after);
        if (wasTunnel(work))
            return std::nullopt;
        if (work.status != 0)
            return tr("The client closed the connection before the answer was complete, after %1")
                .arg(after);
        // `up` counts only octets that were sent on to the server.
        return work.up == 0
            ? tr("The client gave up before the server was reached, after %1").arg(after)
            : tr("The client gave up before the answer began, after %1").arg(after);
    case EndedHow::Reset:
        if (!isIncomplete)
            return std::nullopt;
        return tr("The client cut the connection before its request was complete, after %1 (reset)")
            .arg(after);
    case EndedHow::Keepalive:
        if (!isIncomplete)
            return std::nullopt;
        return tr("Lost contact with the client before its request was complete: no answer to "
                  "keep-alive probes, silent for %1")
            .arg(Formatting::duration(work.silence));
    case EndedHow::Error:
        if (!isIncomplete)
            return std::nullopt;
        return tr("The connection to the client failed before its request was complete, after %1")
            .arg(after);
    default:
        return std::nullopt;
    }
}

std::optional<QString> Wording::afterServer(const FinishedWork &work)
{
    const bool isUnanswered = work.ending.reason == account::Cause::NoResponse;
    if (!isUnanswered && !(work.ending.reason == account::Cause::ResponseCut))
        return std::nullopt;
    const QString after = Formatting::duration(work.duration);
    const auto amid = [isUnanswered](const QString &unanswered, const QString &incomplete) {
        return isUnanswered ? unanswered : incomplete;
    };
    switch (work.ending.how) {
    case EndedHow::Fin:
        return amid(tr("The server closed the connection without an answer, after %1"),
                    tr("The server closed the connection before its answer was complete, after %1"))
            .arg(after);
    case EndedHow::Reset:
        return amid(tr("The server, or something on the way to it, cut the connection without an "
                       "answer, after %1 (reset)"),
                    tr("The server, or something on the way to it, cut the connection before the "
                       "answer was complete, after %1 (reset)"))
            .arg(after);
    case EndedHow::Keepalive:
        return amid(tr("Lost contact with the server before it answered: no answer to keep-alive "
                       "probes, silent for %1"),
                    tr("Lost contact with the server before its answer was complete: no answer to "
                       "keep-alive probes, silent for %1"))
            .arg(Formatting::duration(work.silence));
    case EndedHow::Error:
        return amid(tr("The connection to the server failed before it answered, after %1"),
                    tr("The connection to the server failed before its answer was complete, after "
                       "%1"))
            .arg(after);
    default:
        return std::nullopt;
    }
}

std::optional<QString> Wording::afterProxy(const FinishedWork &work)
{
    const account::Reason &code = work.ending.reason;
    if (code.isNone())
        return std::nullopt;
    const QString after = Formatting::duration(work.duration);
    switch (work.ending.how) {
    case EndedHow::Complete:
        return tr("Answered by the proxy itself: %1").arg(reason(code));
    case EndedHow::TimeoutSilence:
        if (!(code == account::Cause::Silence))
            return std::nullopt;
        return tr("Given up by the proxy: the server did not answer within %1")
            .arg(Formatting::duration(work.silence));
    case EndedHow::TimeoutDial:
        if (code == net::DialFault::ConnectTimeout)
            return plainEnd(work);
        if (code == net::DialFault::DnsTimeout)
            return tr("The name server did not answer in time (%1)").arg(after);
        return std::nullopt;
    case EndedHow::TimeoutHead:
        return code == account::Cause::HeadTimeout ? std::optional(plainEnd(work)) : std::nullopt;
    case EndedHow::Refused:
        return tr("Refused: %1").arg(reason(code));
    case EndedHow::DialFailed:
        return tr("The server could not be reached: %1").arg(reason(code));
    case EndedHow::BadRequest:
        return work.ending.by == EndedBy::Client
            ? tr("Ended because the client sent invalid HTTP: %1").arg(reason(code))
            : tr("Refused as not valid HTTP: %1").arg(reason(code));
    case EndedHow::BadResponse:
        return tr("The answer could not be passed on: %1").arg(reason(code));
    case EndedHow::Drained:
        return tr("Refused: %1").arg(reason(code));
    case EndedHow::Limit:
        return endingOf(work) == EndKind::Cut
            ? tr("Cut because of a limit, after %1: %2").arg(after, reason(code))
            : tr("Refused because of a limit: %1").arg(reason(code));
    case EndedHow::Reset:
    case EndedHow::Keepalive:
    case EndedHow::Error:
        if (!(code == account::Cause::ParentLost))
            return std::nullopt;
        return tr("Cut after %1: %2").arg(after, reason(code));
    case EndedHow::Closed: // without a reason if closed by hand
        return tr("Cut after %1: %2").arg(after, reason(code));
    case EndedHow::Fin:
    case EndedHow::TimeoutIdle:
        break;
    }
    return std::nullopt;
}

QString Wording::plainEnd(const FinishedWork &work)
{
    const QString after = Formatting::duration(work.duration);
    const QString silent = Formatting::duration(work.silence);
    switch (work.ending.how) {
    case EndedHow::Complete:
        return tr("Complete after %1").arg(after);
    case EndedHow::Fin:
        return byClient(work, tr("The client closed the connection after %1"),
                        tr("The server closed the connection after %1"))
            .arg(after);
    case EndedHow::Reset:
        return byClient(work, tr("The client cut the connection after %1 (reset)"),
                        tr("The server, or something on the way to it, cut the connection after "
                           "%1 (reset)"))
            .arg(after);
    case EndedHow::Keepalive:
        return byClient(work,
                        tr("Lost contact with the client: no answer to keep-alive probes, "
                           "silent for %1"),
                        tr("Lost contact with the server: no answer to keep-alive probes, "
                           "silent for %1"))
            .arg(silent);
    case EndedHow::Error:
        return byClient(work, tr("The connection to the client failed after %1"),
                        tr("The connection to the server failed after %1"))
            .arg(after);
    case EndedHow::TimeoutSilence:
        return tr("Closed by the proxy: both sides were silent for %1").arg(silent);
    case EndedHow::TimeoutDial:
        return tr("The server could not be reached in time (%1)").arg(after);
    case EndedHow::TimeoutHead:
        return tr("Closed by the proxy: the client did not finish its request within %1")
            .arg(after);
    case EndedHow::TimeoutIdle:
        return tr("Closed by the proxy: no request came within %1").arg(after);
    case EndedHow::Refused:
        return tr("Refused");
    case EndedHow::DialFailed:
        return tr("The server could not be reached");
    case EndedHow::BadRequest:
        return tr("Refused as not valid HTTP");
    case EndedHow::BadResponse:
        return tr("The answer could not be passed on");
    case EndedHow::Drained:
        return tr("Closed because the proxy was stopped, after %1").arg(after);
    case EndedHow::Limit:
        return tr("Refused because of a limit");
    case EndedHow::Closed:
        return tr("Closed by hand in this program, after %1").arg(after);
    }
    return {};
}

QString Wording::whyEnded(const FinishedWork &work)
{
    std::optional<QString> own;
    if (work.ending.by == EndedBy::Client)
        own = afterClient(work);
    else if (work.ending.by == EndedBy::Upstream)
        own = afterServer(work);
    if (!own)
        own = afterProxy(work);
    if (own)
        return *own;
    // An unexpected reason is shown as well.
    return work.ending.reason.isNone()
        ? plainEnd(work)
        : plainEnd(work) + QStringLiteral(": ") + reason(work.ending.reason);
}

} // namespace sami::gui
