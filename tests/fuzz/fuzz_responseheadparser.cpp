// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Input: a line of piece sizes, then a response head and what follows it.
#include "headfuzzing.h"
#include "http/headwriter.h"
#include "strictreader.h"

#include <algorithm>

using namespace sami;
using namespace sami::http;

namespace {

bool areEqual(const ResponseHead &left, const ResponseHead &right)
{
    return left.version == right.version && left.status == right.status
        && left.reason == right.reason && left.fields == right.fields;
}

bool isReadByProxies(const QByteArray &name)
{
    const QByteArray lower = name.toLower();
    if (lower.startsWith("proxy-"))
        return true;
    for (const char *read : { "content-length", "transfer-encoding", "connection", "keep-alive",
                              "te", "trailer", "upgrade", "via", "date", "www-authenticate" }) {
        if (lower == read)
            return true;
    }
    return false;
}

bool hasControls(QByteArrayView text)
{
    return !std::all_of(text.begin(), text.end(), isFieldContentChar);
}

void requireNoLineEnds(QByteArrayView text)
{
    fuzzing::require(!text.contains('\r') && !text.contains('\n') && !text.contains('\0'),
                     "no value holds what ends a line or a text");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const fuzzing::Cuttable input(data, size);
    const auto read = fuzzing::requireSameHoweverCut<ResponseHeadParser>(input, areEqual);
    if (read.progress.status != HeadProgress::Status::Complete)
        return 0;
    fuzzing::require(read.head.status >= 100 && read.head.status <= 999, "a status is one");
    requireNoLineEnds(read.head.reason);
    bool keepsControls = hasControls(read.head.reason);
    for (const Field &field : read.head.fields) {
        requireNoLineEnds(field.value);
        fuzzing::require(!isReadByProxies(field.name) || !hasControls(field.value),
                         "what is read is clean");
        keepsControls |= hasControls(field.value);
    }
    fuzzing::require(read.head.keepsControls == keepsControls, "control octets are marked");
    fuzzing::require(read.head.isMended != fuzzing::isStrictHead(input.octets.first(read.consumed)),
                     "what a strict reader refuses is marked, and nothing else");

    QByteArray written;
    writeResponseHead(written, read.head);
    fuzzing::requireReadsAs<ResponseHeadParser>(written, read.head, areEqual);

    // What was mended needs no mending any more: but for the control octets that stay, a strict
    // reader sees the same lines.
    for (char &c : written)
        c = c == '\r' || c == '\n' || isFieldContentChar(c) ? c : '?';
    fuzzing::require(fuzzing::isStrictHead(written)
                         && written.count('\n') == read.head.fields.size() + 2,
                     "a mended head is a strict one");
    return 0;
}
