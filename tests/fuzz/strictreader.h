// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "http/fieldparser.h"
#include "http/messagehead.h"
#include "http/syntax.h"

#include <QByteArrayView>

#include <algorithm>
#include <limits>

/// What a strict reader makes of response heads, without the rules that the proxy mends by.
namespace sami::fuzzing {

/// What a proxy adds may make a head larger than the one it received.
inline constexpr http::HeadLimits roomyResponse { qsizetype(256) * 1024,
                                                  std::numeric_limits<qsizetype>::max(), 0 };

/// CRLF everywhere, no folds, no blank before a colon, no control octet. `head` is one whole head
/// whose status line is well-formed up to its reason.
[[nodiscard]] inline bool isStrictHead(QByteArrayView head)
{
    const qsizetype end = head.indexOf('\n');
    if (end < 1 || head[end - 1] != '\r'
        || !std::all_of(head.begin(), head.begin() + end - 1, http::isFieldContentChar))
        return false;
    http::FieldParser strict(http::FieldParser::Leniency::Strict, roomyResponse.maxFields);
    const QByteArrayView fields = head.sliced(end + 1);
    const http::FieldParser::Step step = strict.feed(fields);
    return step.status == http::FieldParser::Status::Complete && step.consumed == fields.size();
}

/// At most one field says where the body ends, and says it in the one way that all readers share.
[[nodiscard]] inline bool hasOneFraming(const http::ResponseHead &head)
{
    const auto length = head.fields.value("Content-Length");
    const auto coding = head.fields.value("Transfer-Encoding");
    if (head.fields.count("Content-Length") + head.fields.count("Transfer-Encoding") > 1)
        return false;
    if (coding)
        return http::equalsIgnoringCase(*coding, "chunked")
            && head.version == http::Version::Http11;
    return !length || std::all_of(length->begin(), length->end(), http::isDigit);
}

} // namespace sami::fuzzing
