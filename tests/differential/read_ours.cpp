// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Reads messages as the proxy does.
#include "http/bodyreader.h"
#include "http/headparser.h"
#include "readings.h"
#include "server/intake.h"

using namespace sami;
using differential::Message;
using differential::Reading;
using Status = http::HeadProgress::Status;

namespace {

QJsonArray fieldsOf(const http::HeaderList &list)
{
    QJsonArray fields;
    for (const http::Field &field : list)
        fields.append(differential::field(field.name, field.value));
    return fields;
}

void readBody(Reading &reading, const http::BodyFraming &framing, QByteArrayView rest)
{
    http::BodyReader body(framing);
    while (true) {
        const http::BodyReader::Step step = body.next(rest);
        rest = rest.sliced(step.consumed);
        reading.consumed += step.consumed;
        reading.body += step.data;
        if (step.status == http::BodyReader::Status::Failed)
            reading.refusal = http::toString(step.fault);
        if (step.status != http::BodyReader::Status::Data)
            break;
    }
    // All octets are there: what only the close ends is complete.
    reading.isComplete = body.finish();
    reading.trailers = fieldsOf(body.trailers());
}

Reading readRequest(QByteArrayView octets)
{
    Reading reading;
    http::RequestHeadParser parser;
    const http::HeadProgress progress = parser.feed(octets);
    reading.consumed = progress.consumed;
    if (progress.status == Status::Failed)
        reading.refusal = http::toString(progress.error.code);
    if (progress.status != Status::Complete)
        return reading;
    const auto intake = server::readIntake(parser.take());
    if (!intake) {
        reading.refusal = intake.error().reason.code();
        return reading;
    }
    const http::RequestHead &head = intake->head;
    reading.hasHead = true;
    reading.method = head.method;
    reading.target = head.target;
    reading.minorVersion = head.version == http::Version::Http10 ? 0 : 1;
    reading.fields = fieldsOf(head.fields);
    readBody(reading, intake->framing, octets.sliced(progress.consumed));
    return reading;
}

Reading readResponse(QByteArrayView octets, QByteArrayView method)
{
    Reading reading;
    http::ResponseHeadParser parser;
    const http::HeadProgress progress = parser.feed(octets);
    reading.consumed = progress.consumed;
    if (progress.status == Status::Failed)
        reading.refusal = http::toString(progress.error.code);
    if (progress.status != Status::Complete)
        return reading;
    const http::ResponseHead head = parser.take();
    const auto framing = http::responseFraming(head, method);
    if (!framing) {
        reading.refusal = http::toString(framing.error());
        return reading;
    }
    reading.hasHead = true;
    reading.minorVersion = head.version == http::Version::Http10 ? 0 : 1;
    reading.status = head.status;
    reading.fields = fieldsOf(head.fields);
    readBody(reading, *framing, octets.sliced(progress.consumed));
    return reading;
}

} // namespace

int main()
{
    while (const auto message = differential::readMessage())
        print(message->isRequest() ? readRequest(message->octets)
                                   : readResponse(message->octets, message->kind));
    return EXIT_SUCCESS;
}
