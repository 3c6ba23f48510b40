// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Input: a line of piece sizes, then a response head and what follows it.
#include "fuzzing.h"
#include "http/headparser.h"
#include "http/headwriter.h"

using namespace sami;
using namespace sami::http;
using Status = HeadProgress::Status;

namespace {

constexpr HeadLimits limits { 1024, 20, 256 };

struct Outcome
{
    HeadProgress progress;
    qsizetype consumed = 0;
    ResponseHead head;
};

Outcome parse(const QList<fuzzing::Piece> &pieces)
{
    ResponseHeadParser parser(limits);
    Outcome outcome;
    for (const fuzzing::Piece &piece : pieces) {
        outcome.progress = parser.feed(fuzzing::viewOf(piece));
        outcome.consumed += outcome.progress.consumed;
        if (outcome.progress.status != Status::NeedMore)
            break;
    }
    if (outcome.progress.status == Status::Complete)
        outcome.head = parser.take();
    return outcome;
}

bool areEqual(const ResponseHead &left, const ResponseHead &right)
{
    return left.version == right.version && left.status == right.status
        && left.reason == right.reason && left.fields == right.fields;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const fuzzing::Cuttable input(data, size);
    const Outcome whole = parse(input.whole());
    const Outcome cut = parse(input.inPieces());
    fuzzing::require(whole.progress.status == cut.progress.status && whole.consumed == cut.consumed
                         && areEqual(whole.head, cut.head),
                     "a head reads the same however it is cut");
    if (whole.progress.status == Status::Failed) {
        fuzzing::require(whole.progress.error.code == cut.progress.error.code
                             && whole.progress.error.offset == cut.progress.error.offset,
                         "a fault is the same however the head is cut");
    }
    if (whole.progress.status != Status::Complete)
        return 0;
    fuzzing::require(whole.head.status >= 100 && whole.head.status <= 599, "a status is one");

    QByteArray written;
    writeResponseHead(written, whole.head);
    ResponseHeadParser parser({ 2 * limits.maxHeadBytes, limits.maxFields, limits.maxTargetBytes });
    const HeadProgress again = parser.feed(written);
    fuzzing::require(again.status == Status::Complete && again.consumed == written.size(),
                     "a written head is one head");
    fuzzing::require(areEqual(parser.take(), whole.head), "a written head reads the same");

    // What was mended needs no mending any more: a strict reader sees the same fields.
    FieldParser strict(FieldParser::Leniency::Strict, limits.maxFields);
    const auto fields = QByteArrayView(written).sliced(written.indexOf("\r\n") + 2);
    const FieldParser::Step step = strict.feed(fields);
    fuzzing::require(step.status == FieldParser::Status::Complete && step.consumed == fields.size()
                         && strict.take() == whole.head.fields,
                     "a mended head is a strict one");
    return 0;
}
