// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "fuzzing.h"
#include "http/headparser.h"
#include "http/syntax.h"

#include <algorithm>
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

/// Whether the octets of a request head are such that only leniency takes them: LF without CR, or a
/// control. Reads octets alone, so that it judges the parser by something else than itself.
inline bool needLeniency(QByteArrayView octets)
{
    for (qsizetype i = 0; i < octets.size(); ++i) {
        const bool isLineEnd = octets[i] == '\r' || octets[i] == '\n';
        if (!isLineEnd && !http::isFieldContentChar(octets[i]))
            return true;
        if (octets[i] == '\n' && (i == 0 || octets[i - 1] != '\r'))
            return true;
    }
    return false;
}

/// A head that was taken: what is forwarded was read strictly, and of a CONNECT what we read.
inline void requireLeniencyForConnectAlone(QByteArrayView octets, const http::RequestHead &head)
{
    require(head.isLenient == needLeniency(octets), "leniency is told");
    require(!head.isLenient || head.method == "CONNECT", "what is forwarded is read strictly");
    require(!octets.contains('\0'), "NUL is never taken");
    for (qsizetype i = 0; i < octets.size(); ++i)
        require(octets[i] != '\r' || (i + 1 < octets.size() && octets[i + 1] == '\n'),
                "bare CR is never taken");
    for (const char *name : { "Proxy-Authorization", "Proxy-Connection", "Connection", "Via" }) {
        for (const QByteArrayView value : head.fields.values(name))
            require(std::all_of(value.begin(), value.end(), http::isFieldContentChar),
                    "what is read is read strictly");
    }
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
