// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "fuzzing.h"
#include "http/headparser.h"

#include <utility>

/// What the targets of the two head parsers share.
namespace sami::fuzzing {

// Small enough to be reached by inputs of a few kilobytes.
inline constexpr http::HeadLimits headLimits { 1024, 20, 256 };

/// What a parser makes of a head in pieces.
template <typename Parser> struct HeadReading
{
    using Head = decltype(std::declval<Parser>().take());

    http::HeadProgress progress;
    qsizetype consumed = 0;
    Head head;

    explicit HeadReading(const QList<Piece> &pieces)
    {
        Parser parser(headLimits);
        for (const Piece &piece : pieces) {
            progress = parser.feed(viewOf(piece));
            consumed += progress.consumed;
            if (progress.status != http::HeadProgress::Status::NeedMore)
                break;
        }
        if (progress.status == http::HeadProgress::Status::Complete)
            head = parser.take();
    }
};

/// The reading of the whole head, which is that of its pieces too. `areEqual` compares two heads.
template <typename Parser, typename AreEqual>
HeadReading<Parser> requireSameHoweverCut(const Cuttable &input, AreEqual areEqual)
{
    const HeadReading<Parser> whole(input.whole());
    const HeadReading<Parser> cut(input.inPieces());
    require(whole.progress.status == cut.progress.status && whole.consumed == cut.consumed
                && areEqual(whole.head, cut.head),
            "a head reads the same however it is cut");
    if (whole.progress.status == http::HeadProgress::Status::Failed) {
        require(whole.progress.error.code == cut.progress.error.code
                    && whole.progress.error.offset == cut.progress.error.offset,
                "a fault is the same however the head is cut");
    }
    return whole;
}

/// `written` is one head and reads like `head`.
template <typename Parser, typename Head, typename AreEqual>
void requireReadsAs(const QByteArray &written, const Head &head, AreEqual areEqual)
{
    // Blanks around values are normalised: "name:value" grows by one octet when written.
    Parser parser({ 2 * headLimits.maxHeadBytes, headLimits.maxFields, headLimits.maxTargetBytes });
    const http::HeadProgress again = parser.feed(written);
    require(again.status == http::HeadProgress::Status::Complete
                && again.consumed == written.size(),
            "a written head is one head");
    require(areEqual(parser.take(), head), "a written head reads the same");
}

} // namespace sami::fuzzing
