// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Input: a line of piece sizes, then a response head and what follows it.
#include "headfuzzing.h"
#include "http/headwriter.h"

using namespace sami;
using namespace sami::http;

namespace {

bool areEqual(const ResponseHead &left, const ResponseHead &right)
{
    return left.version == right.version && left.status == right.status
        && left.reason == right.reason && left.fields == right.fields;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const auto read = fuzzing::requireSameHoweverCut<ResponseHeadParser>({ data, size }, areEqual);
    if (read.progress.status != HeadProgress::Status::Complete)
        return 0;
    fuzzing::require(read.head.status >= 100 && read.head.status <= 599, "a status is one");

    QByteArray written;
    writeResponseHead(written, read.head);
    fuzzing::requireReadsAs<ResponseHeadParser>(written, read.head, areEqual);

    // What was mended needs no mending any more: a strict reader sees the same fields.
    FieldParser strict(FieldParser::Leniency::Strict, fuzzing::headLimits.maxFields);
    const auto fields = QByteArrayView(written).sliced(written.indexOf("\r\n") + 2);
    const FieldParser::Step step = strict.feed(fields);
    fuzzing::require(step.status == FieldParser::Status::Complete && step.consumed == fields.size()
                         && strict.take() == read.head.fields,
                     "a mended head is a strict one");
    return 0;
}
