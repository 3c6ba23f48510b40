// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Input: a line of piece sizes, then a request head and what follows it.
#include "fuzzing.h"
#include "http/headparser.h"
#include "http/headwriter.h"

using namespace sami;
using namespace sami::http;
using Status = HeadProgress::Status;

namespace {

// Small enough to be reached by inputs of a few kilobytes.
constexpr HeadLimits limits { 1024, 20, 256 };

struct Outcome
{
    HeadProgress progress;
    qsizetype consumed = 0;
    RequestHead head;
};

Outcome parse(const QList<fuzzing::Piece> &pieces)
{
    RequestHeadParser parser(limits);
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

bool areEqual(const RequestHead &left, const RequestHead &right)
{
    return left.method == right.method && left.target == right.target
        && left.version == right.version && left.fields == right.fields;
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
        const int status = faultStatus(whole.progress.error.code);
        fuzzing::require(status == 400 || status == 414 || status == 431 || status == 505,
                         "a fault has a status");
    }
    if (whole.progress.status != Status::Complete)
        return 0;

    QByteArray written;
    writeRequestHead(written, whole.head);
    // Blanks around values are normalised: "name:value" grows by one octet when written.
    RequestHeadParser parser({ 2 * limits.maxHeadBytes, limits.maxFields, limits.maxTargetBytes });
    const HeadProgress again = parser.feed(written);
    fuzzing::require(again.status == Status::Complete && again.consumed == written.size(),
                     "a written head is one head");
    fuzzing::require(areEqual(parser.take(), whole.head), "a written head reads the same");
    return 0;
}
