// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/intake.h"

#include "account/loggedtarget.h"
#include "base/heapcost.h"
#include "http/hopbyhop.h"
#include "http/persistence.h"

#include <utility>

namespace sami::server {

using http::TargetForm;

namespace {

/// Adds `advice` if the text of the fault does not say what would help.
Unexpected<Reply> refuse(ReplyText text, QByteArrayView advice = {})
{
    text.text += advice;
    return Unexpected(errorReply(text));
}

/// Says what a correct target looks like. The examples are ours: the reply echoes nothing that the
/// client sent.
QByteArray targetHint(bool isConnect, http::TargetFault fault)
{
    if (fault == http::TargetFault::BareIpv6) {
        return isConnect ? "An IPv6 address is written in brackets, then the port: \"[::1]:443\".\n"
                         : "An IPv6 address is written in brackets: \"http://[::1]/path\".\n";
    }
    if (!isConnect) {
        return "The request's target is not one that a proxy can serve. Write "
               "\"http://host/path\" or \"https://host/path\".\n";
    }
    switch (fault) {
    case http::TargetFault::ConnectNeedsPort:
        return "CONNECT takes a host and a port. Add the port: \"host:443\".\n";
    case http::TargetFault::ConnectTakesHostAndPortOnly:
        return "CONNECT takes only a host and a port, without \"https://\", path or user name: "
               "\"host:443\".\n";
    default:
        return "CONNECT takes a host and a port from 1 to 65535: \"host:443\".\n";
    }
}

/// RFC 9112 §3.2: exactly one well-formed Host in HTTP/1.1, at most one in HTTP/1.0.
bool hasProperHost(const http::RequestHead &head)
{
    const qsizetype count = head.fields.count("Host");
    if (count > 1 || (count == 0 && head.version == http::Version::Http11))
        return false;
    return count == 0 || http::isValidHostField(*head.fields.value("Host"));
}

} // namespace

bool Intake::expectsContinue() const
{
    return head.fields.listContains("Expect", "100-continue");
}

QByteArray Intake::loggedTarget() const
{
    return account::loggedTarget(target);
}

qsizetype Intake::heldBytes() const
{
    return static_cast<qsizetype>(sizeof *this) + heapCost(head.method) + heapCost(head.target)
        + heapCost(target.endpoint.host) + heapCost(target.authority) + heapCost(target.originForm)
        + head.fields.heapBytes();
}

Result<Intake, Reply> readIntake(http::RequestHead &head)
{
    const bool isConnect = head.method == "CONNECT";
    auto target = http::parseRequestTarget(head.method, head.target);
    if (!target)
        return refuse(replyText(target.error()), targetHint(isConnect, target.error()));
    // Deviation: RFC 9112 §3.2 requires a Host of a CONNECT too, but nothing uses it there.
    const bool isProperlyAddressed = hasProperHost(head);
    if (!isProperlyAddressed && !isConnect)
        return refuse(replyText(OwnReply::BadHost));
    const auto framing = http::requestFraming(head);
    if (!framing)
        return refuse(replyText(framing.error()));

    Intake intake;
    intake.target = std::move(*target);
    intake.framing = *framing;
    intake.persists = http::clientPersists(head);
    // RFC 9110 §7.8: the new protocol begins where the request ends. A handshake has no body (RFC
    // 6455 §4.1). With one, a 101 could arrive in the middle of it, and what follows could be read
    // in two ways.
    intake.asksForWebSocket = intake.target.form == TargetForm::Absolute
        && intake.framing.kind == http::BodyKind::None && http::asksForWebSocket(head);
    intake.hasCertainEnd = !isConnect
        || (!head.isLenient && isProperlyAddressed && !http::mentionsFraming(head.fields));
    intake.head = std::move(head);
    return intake;
}

} // namespace sami::server
