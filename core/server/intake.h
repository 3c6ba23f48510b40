// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "http/bodyframing.h"
#include "http/messagehead.h"
#include "http/requesttarget.h"
#include "server/reply.h"

#include <QByteArray>

namespace sami::server {

/// A request that can be read in only one way.
struct Intake
{
    http::RequestHead head;
    http::RequestTarget target;
    http::BodyFraming framing;
    bool persists = true; ///< the client wants to keep the connection
    bool asksForWebSocket = false;
    /// True if a strict reader accepts this head and finds its end where we did. Otherwise the
    /// start of the next request is uncertain, and the connection ends with the refusal.
    bool hasCertainEnd = false;

    [[nodiscard]] bool isConnect() const { return head.method == "CONNECT"; }
    [[nodiscard]] bool isHead() const { return head.method == "HEAD"; }
    [[nodiscard]] bool expectsContinue() const;
    /// What a log may show of the target: no query, no userinfo.
    [[nodiscard]] QByteArray loggedTarget() const;
    /// The heap that it takes, in octets.
    [[nodiscard]] qsizetype heldBytes() const;
    /// Frees the fields, which would only take memory while the answer runs. Call it once the
    /// request has been sent and cannot be retried.
    void forgetFields() { head.fields = {}; }
};

/// Judges a parsed head as a whole: target form, Host, framing (RFC 9112 §3.2, §6.3). The error is
/// the reply to send; the connection must close after it, because the end of the request is not
/// certain.
///
/// A CONNECT is not forwarded, so some of these checks do not apply to it (http/headparser.h lists
/// the faults that its parser accepts):
///
///                                                       other method   CONNECT   hasCertainEnd
///   no Host in HTTP/1.1, two of them, a malformed one   400            served    no
///   any Content-Length or Transfer-Encoding             by framing     served    no
///   a head that isLenient                               400            served    no
///   none of these                                       served         served    yes
///
/// Even with a Content-Length, what follows a CONNECT's head belongs to the tunnel (RFC 9110
/// §9.3.6).
///
/// A refused head is left unchanged.
[[nodiscard]] Result<Intake, Reply> readIntake(http::RequestHead &head);
[[nodiscard]] inline Result<Intake, Reply> readIntake(http::RequestHead &&head)
{
    return readIntake(head);
}

} // namespace sami::server
