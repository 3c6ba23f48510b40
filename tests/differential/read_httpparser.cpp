// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Reads messages as http-parser does, the parser that older Node.js and many servers have.
#include "readings.h"

#include <http_parser.h>

using differential::Message;
using differential::Reading;

namespace {

struct Reader
{
    Reading reading;
    QByteArray method; ///< that a response answers
    QByteArray name;
    QByteArray value;
    bool isInValue = false;

    void finishField()
    {
        if (name.isEmpty() && value.isEmpty())
            return;
        const QJsonArray field = differential::field(name, value.trimmed());
        (reading.hasHead ? reading.trailers : reading.fields).append(field);
        name.clear();
        value.clear();
        isInValue = false;
    }
};

Reader &readerOf(http_parser *parser)
{
    return *static_cast<Reader *>(parser->data);
}

int onUrl(http_parser *parser, const char *at, size_t size)
{
    readerOf(parser).reading.target.append(at, static_cast<qsizetype>(size));
    return 0;
}

int onName(http_parser *parser, const char *at, size_t size)
{
    Reader &reader = readerOf(parser);
    if (reader.isInValue)
        reader.finishField();
    reader.name.append(at, static_cast<qsizetype>(size));
    return 0;
}

int onValue(http_parser *parser, const char *at, size_t size)
{
    Reader &reader = readerOf(parser);
    reader.isInValue = true;
    reader.value.append(at, static_cast<qsizetype>(size));
    return 0;
}

int onHead(http_parser *parser)
{
    Reader &reader = readerOf(parser);
    reader.finishField();
    reader.reading.hasHead = true;
    reader.reading.minorVersion = parser->http_minor;
    if (parser->type == HTTP_REQUEST)
        reader.reading.method = http_method_str(static_cast<http_method>(parser->method));
    else
        reader.reading.status = static_cast<int>(parser->status_code);
    const bool hasNoBody = parser->type == HTTP_RESPONSE && reader.method == "HEAD";
    return hasNoBody ? 1 : 0;
}

int onBody(http_parser *parser, const char *at, size_t size)
{
    readerOf(parser).reading.body.append(at, static_cast<qsizetype>(size));
    return 0;
}

int onComplete(http_parser *parser)
{
    Reader &reader = readerOf(parser);
    reader.finishField();
    reader.reading.isComplete = true;
    http_parser_pause(parser, 1); // one message; execute() returns where it ends
    return 0;
}

Reading read(const Message &message)
{
    Reader reader;
    reader.method = message.kind;
    http_parser parser;
    http_parser_init(&parser, message.isRequest() ? HTTP_REQUEST : HTTP_RESPONSE);
    parser.data = &reader;
    http_parser_settings settings;
    http_parser_settings_init(&settings);
    settings.on_url = onUrl;
    settings.on_header_field = onName;
    settings.on_header_value = onValue;
    settings.on_headers_complete = onHead;
    settings.on_body = onBody;
    settings.on_message_complete = onComplete;
    const auto size = static_cast<size_t>(message.octets.size());
    const size_t consumed =
        http_parser_execute(&parser, &settings, message.octets.constData(), size);
    // The end of input is the connection's end, which may complete a response.
    if (HTTP_PARSER_ERRNO(&parser) == HPE_OK && !reader.reading.isComplete && !message.isRequest()
        && reader.reading.hasHead)
        http_parser_execute(&parser, &settings, nullptr, 0);
    const auto error = HTTP_PARSER_ERRNO(&parser);
    if (error != HPE_OK && error != HPE_PAUSED && error != HPE_INVALID_EOF_STATE)
        reader.reading.refusal = http_errno_name(error);
    reader.reading.consumed = static_cast<qsizetype>(consumed);
    return reader.reading;
}

} // namespace

int main()
{
    while (const auto message = differential::readMessage())
        print(read(*message));
    return EXIT_SUCCESS;
}
