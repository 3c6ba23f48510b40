// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Input: a request head, or a response head (then it begins with "HTTP/").
#include "fuzzing.h"
#include "http/forwarding.h"
#include "http/headparser.h"
#include "http/headwriter.h"
#include "http/hopbyhop.h"
#include "http/syntax.h"
#include "strictreader.h"

using namespace sami;
using namespace sami::http;
using Status = HeadProgress::Status;

namespace {

constexpr QByteArrayView pseudonym = "sami-00000000";
// What is added may make a head larger than the one received.
constexpr HeadLimits roomy { qsizetype(256) * 1024, 300, qsizetype(64) * 1024 };

bool isOnlyForOneHop(QByteArrayView name)
{
    for (const QByteArrayView known :
         { QByteArrayView("Keep-Alive"), QByteArrayView("Proxy-Connection"), QByteArrayView("TE"),
           QByteArrayView("Proxy-Authorization"), QByteArrayView("Proxy-Authenticate"),
           QByteArrayView("Proxy-Authentication-Info") }) {
        if (equalsIgnoringCase(name, known))
            return true;
    }
    return false;
}

/// What must not be in a head that is sent on.
void checkFields(const HeaderList &sent, const BodyFraming &framing)
{
    for (const Field &field : sent)
        fuzzing::require(!isOnlyForOneHop(field.name), "fields of one hop stop here");
    const bool isChunked = framing.kind == BodyKind::Chunked;
    fuzzing::require(sent.count("Transfer-Encoding") == (isChunked ? 1 : 0)
                         && sent.count("Content-Length") <= (isChunked ? 0 : 1),
                     "framing is re-made");
    fuzzing::require(viaNames(sent, pseudonym), "Via is added");
}

void forwardRequest(const RequestHead &received)
{
    const auto target = parseRequestTarget(received.method, received.target);
    const auto framing = requestFraming(received);
    if (!target || !framing || target->form != TargetForm::Absolute)
        return;
    const bool asksForWebSocket =
        framing->kind == BodyKind::None && http::asksForWebSocket(received);
    RequestHead head = received;
    if (applyMaxForwards(head) == MaxForwards::AnswerHere) {
        const QByteArray echo = traceEcho(head);
        fuzzing::require(RequestHeadParser(roomy).feed(echo).consumed == echo.size(),
                         "an echo is one head");
        return;
    }
    const RequestHead sent = upstreamRequest(head, *target, *framing, pseudonym, asksForWebSocket);
    checkFields(sent.fields, *framing);
    fuzzing::require(sent.fields.count("Host") == 1
                         && sent.fields.value("Host") == QByteArrayView(target->authority),
                     "Host is the target's");
    fuzzing::require(sent.fields.contains("Upgrade") == asksForWebSocket,
                     "an upgrade goes on only when it is relayed");

    QByteArray octets;
    writeRequestHead(octets, sent);
    RequestHeadParser parser(roomy);
    const HeadProgress progress = parser.feed(octets);
    fuzzing::require(progress.status == Status::Complete && progress.consumed == octets.size(),
                     "what is sent on is exactly one request");
    const RequestHead read = parser.take();
    fuzzing::require(read.method == sent.method && read.target == sent.target
                         && read.fields == sent.fields,
                     "it reads as it was meant");
    const auto again = requestFraming(read);
    fuzzing::require(again && *again == *framing, "it ends where the received one ends");
    const auto direct = parseRequestTarget(read.method, read.target);
    fuzzing::require(direct && direct->form != TargetForm::Absolute,
                     "an origin gets no absolute-form");
}

void forwardResponse(const ResponseHead &received, QByteArrayView method, Version clientVersion)
{
    const auto writeAndRead = [](const ResponseHead &sent) {
        QByteArray octets;
        writeResponseHead(octets, sent);
        ResponseHeadParser parser(fuzzing::roomyResponse);
        const HeadProgress progress = parser.feed(octets);
        fuzzing::require(progress.status == Status::Complete && progress.consumed == octets.size(),
                         "what is sent on is exactly one response");
        ResponseHead read = parser.take();
        fuzzing::require(fuzzing::hasOneFraming(read), "all readers find the same end");
        return read;
    };
    if (received.status == 101) {
        const ResponseHead read = writeAndRead(clientUpgradeResponse(received, pseudonym));
        fuzzing::require(read.fields.listContains("Upgrade", "websocket"), "an upgrade is told");
        return;
    }
    if (received.isInterim()) {
        const ResponseHead read = writeAndRead(clientInterimResponse(received, pseudonym));
        checkFields(read.fields, {});
        return;
    }
    const auto framing = responseFraming(received, method);
    if (!framing)
        return;
    const bool endsWithHead = method == "HEAD" || received.status == 204 || received.status == 304;
    fuzzing::require(framing->isMended || fuzzing::hasOneFraming(received),
                     "what strict readers refuse is marked");
    fuzzing::require(endsWithHead || !framing->isMended || !fuzzing::hasOneFraming(received),
                     "nothing else is marked");
    ResponseContext context;
    context.clientVersion = clientVersion;
    context.framing = clientFraming(*framing, clientVersion);
    context.keepsClient = context.framing.kind != BodyKind::UntilClose;
    context.pseudonym = pseudonym;
    const ResponseHead read = writeAndRead(clientResponse(received, context));
    checkFields(read.fields, context.framing);
    fuzzing::require(read.status == received.status && read.fields.contains("Date"),
                     "the answer is the upstream's");
    const auto again = responseFraming(read, method);
    fuzzing::require(again && *again == context.framing, "it ends where it is meant to");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArrayView input = fuzzing::viewOf(data, size);
    if (!input.startsWith("HTTP/")) {
        RequestHeadParser parser;
        if (parser.feed(input).status == Status::Complete)
            forwardRequest(parser.take());
        return 0;
    }
    ResponseHeadParser parser;
    if (parser.feed(input).status != Status::Complete)
        return 0;
    const ResponseHead head = parser.take();
    for (const QByteArrayView method : { QByteArrayView("GET"), QByteArrayView("HEAD") }) {
        forwardResponse(head, method, Version::Http11);
        forwardResponse(head, method, Version::Http10);
    }
    return 0;
}
