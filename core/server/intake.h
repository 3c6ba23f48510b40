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

/// A request that can be read in one way only.
struct Intake
{
    http::RequestHead head;
    http::RequestTarget target;
    http::BodyFraming framing;
    bool persists = true; ///< the client wants to keep the connection
    bool asksForWebSocket = false;
    /// A strict reader accepts this head and finds its end where we did. Only then can a request be
    /// told from what follows a refusal of it: else the connection ends with the refusal.
    bool hasCertainEnd = false;

    [[nodiscard]] bool isConnect() const { return head.method == "CONNECT"; }
    [[nodiscard]] bool isHead() const { return head.method == "HEAD"; }
    [[nodiscard]] bool expectsContinue() const;
    /// What a log may show of the target: no query, no userinfo.
    [[nodiscard]] QByteArray loggedTarget() const;
    /// What it takes of the heap, in octets.
    [[nodiscard]] qsizetype heldBytes() const;
    /// Once the request was sent on and will not be again: nobody needs its fields for the time
    /// that the answer takes.
    void forgetFields() { head.fields = {}; }
};

/// Judges a parsed head as a whole: target form, Host, framing (RFC 9112 §3.2, §6.3). The error is
/// the reply to send; the connection must close after it, because where the request ends is not
/// certain.
///
/// Of a CONNECT, which is not forwarded, nobody reads some of that (what its parser lets pass is in
/// http/headparser.h):
///
///                                                       else           CONNECT   hasCertainEnd
///   no Host in HTTP/1.1, two of them, a malformed one   400            served    no
///   any Content-Length or Transfer-Encoding             as it frames   served    no
///   a head that isLenient                               400            served    no
///   none of these                                       served         served    yes
///
/// With a length too what follows a CONNECT's head is the tunnel's (RFC 9110 §9.3.6).
///
/// A head that was refused is left as it was.
[[nodiscard]] Result<Intake, Reply> takeIn(http::RequestHead &head);
[[nodiscard]] inline Result<Intake, Reply> takeIn(http::RequestHead &&head)
{
    return takeIn(head);
}

} // namespace sami::server
