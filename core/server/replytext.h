// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/reason.h"
#include "http/bodyframing.h"
#include "http/bodyreader.h"
#include "http/foreignprotocol.h"
#include "http/headfault.h"
#include "http/requesttarget.h"
#include "net/dialfault.h"
#include "policy/decision.h"

#include <QByteArray>

namespace sami::server {

/// One of the proxy's own answers in all its wordings: for the status line (all that most clients
/// show of a refused CONNECT), for Proxy-Status, for the body and for the log.
///
/// Each kind has its own phrase. The phrase names the setting or the cause in at most 60 ASCII
/// characters, without an address or a host name, and is the same for CONNECT and every other
/// method.
struct ReplyText
{
    int status = 0;             ///< 0: no such answer exists
    const char *errorType = ""; ///< RFC 9209 §2.3; empty: a page of our own, without Proxy-Status
    account::Reason reason {};  ///< for the account
    QByteArray phrase;          ///< "%1" stands for the time that ran out
    QByteArray text;            ///< what is wrong and what helps, in whole lines
};

/// The answers for what no other unit's fault or rule describes.
enum class OwnReply {
    Full,              ///< as many connections as can be served
    ClientFull,        ///< MAX_CONNECTIONS_PER_IP
    Overloaded,        ///< the budgets for unfinished work are spent
    Draining,          ///< shutting down
    NoSuchPage,        ///< an origin-form path that is no page of ours
    PageMethod,        ///< a method other than GET, HEAD and OPTIONS for a page of ours
    HeadTimeout,       ///< the head was not complete in time
    BadHost,           ///< the Host field
    BadMaxForwards,    ///< the Max-Forwards field
    Silence,           ///< the host did not answer in time
    MalformedResponse, ///< it sent an answer that cannot be passed on
    UnaskedUpgrade,    ///< it changed the protocol without being asked
    NoResponse,        ///< it closed without sending anything
    ResponseCut,       ///< it closed in the middle of its answer
    UserFull,          ///< the user's own limit on connections
    SignInFull,        ///< too many passwords wait for a check, or this one waited too long
};

// Each is a switch over the whole enum: a new value does not compile until it has its text. A
// number outside the enum gets an empty answer, with status 0.
[[nodiscard]] ReplyText replyText(OwnReply reply);
[[nodiscard]] ReplyText replyText(policy::Refusal refusal);
[[nodiscard]] ReplyText replyText(net::DialFault fault);
[[nodiscard]] ReplyText replyText(http::HeadFault fault);
[[nodiscard]] ReplyText replyText(http::TargetFault fault);
[[nodiscard]] ReplyText replyText(http::FramingFault fault);
[[nodiscard]] ReplyText replyText(http::BodyFault fault);
[[nodiscard]] ReplyText replyText(http::ForeignProtocol protocol);

} // namespace sami::server
