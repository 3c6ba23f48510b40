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

/// One of the proxy's own answers in all its words: those of the status line (all that most clients
/// show of a refused CONNECT), of Proxy-Status, of the body and of the log.
///
/// Each kind has a phrase of its own. It names the setting or the cause in at most 60 ASCII
/// characters, no address and no name of a host, and is the same for CONNECT and every other
/// method.
struct ReplyText
{
    int status = 0;             ///< 0: there is no such answer
    const char *errorType = ""; ///< RFC 9209 §2.3; empty: a page of our own, without Proxy-Status
    account::Reason reason {};  ///< for the account
    QByteArray phrase;          ///< "%1" in it is the time that ran out
    QByteArray text;            ///< what is wrong and what helps, whole lines
};

/// Answers that stand for no fault and no rule of another unit.
enum class OwnReply {
    Full,              ///< as many connections as can be served
    ClientFull,        ///< MAX_CONNECTIONS_PER_IP
    Overloaded,        ///< too much is under way that nobody finishes
    Draining,          ///< shutting down
    NoSuchPage,        ///< an origin-form path that is no page of ours
    PageMethod,        ///< another method than GET, HEAD and OPTIONS for one that is
    HeadTimeout,       ///< the head was not complete in time
    BadHost,           ///< the Host field
    BadMaxForwards,    ///< the Max-Forwards field
    Silence,           ///< the host did not answer in time
    MalformedResponse, ///< it answered with what cannot be passed on
    UnaskedUpgrade,    ///< it changed the protocol, though nobody had asked
    NoResponse,        ///< it closed without a word
    ResponseCut,       ///< it closed amid its head
    UserFull,          ///< the user's own limit on connections
    SignInFull,        ///< too many passwords wait to be checked, or this one for too long
};

// Each is a switch over the whole enum: a new value does not compile until it has its words. A
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
