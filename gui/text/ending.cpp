// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/text/ending.h"

namespace sami::gui {

using account::EndedBy;
using account::EndedHow;
using account::FinishedWork;

namespace {

EndKind cutUnlessUnused(const FinishedWork &work)
{
    return wasUnused(work) ? EndKind::Unused : EndKind::Cut;
}

} // namespace

bool wasTunnel(const FinishedWork &work)
{
    return work.status == 101 || (work.status == 200 && work.method == "CONNECT");
}

bool wasUnused(const FinishedWork &work)
{
    return work.method.isEmpty() && work.ending.reason.isNone();
}

EndKind endingOf(const FinishedWork &work)
{
    switch (work.ending.how) {
    case EndedHow::Complete:
        return EndKind::Complete;
    case EndedHow::Fin:
        // The content of a tunnel is not visible here, so an orderly close counts as complete.
        return wasTunnel(work) && work.ending.reason.isNone() ? EndKind::Complete
                                                              : cutUnlessUnused(work);
    case EndedHow::Reset:
    case EndedHow::Keepalive:
    case EndedHow::Error:
    case EndedHow::Closed:
        return cutUnlessUnused(work);
    case EndedHow::TimeoutSilence:
    case EndedHow::TimeoutHead:
    case EndedHow::BadResponse:
        return EndKind::Cut;
    case EndedHow::TimeoutIdle:
        return EndKind::Unused;
    case EndedHow::TimeoutDial:
    case EndedHow::DialFailed:
        return EndKind::Unreached;
    case EndedHow::Refused:
        return EndKind::Refused;
    case EndedHow::BadRequest:
        // A body is read while it is passed on, so a fault in it cuts work that has begun.
        return work.ending.by == EndedBy::Client ? EndKind::Cut : EndKind::Refused;
    case EndedHow::Drained:
        return work.ending.reason.isNone() ? cutUnlessUnused(work) : EndKind::Refused;
    case EndedHow::Limit:
        return work.ending.reason == account::Cause::KeptInput ? EndKind::Cut : EndKind::Refused;
    }
    return EndKind::Complete;
}

std::optional<CutBy> cutBy(const FinishedWork &work)
{
    if (endingOf(work) != EndKind::Cut)
        return std::nullopt;
    if (work.ending.how == EndedHow::Closed)
        return work.ending.reason.isNone() ? CutBy::User : CutBy::Proxy;
    switch (work.ending.by) {
    case EndedBy::Client:
        return CutBy::Client;
    case EndedBy::Upstream:
        return CutBy::Server;
    case EndedBy::Proxy:
        return CutBy::Proxy;
    }
    return CutBy::Proxy;
}

} // namespace sami::gui
