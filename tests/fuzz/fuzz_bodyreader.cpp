// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Input: a line of piece sizes, a line with the framing ("chunked", "close" or a length), then a
// body and what follows it.
#include "fuzzing.h"
#include "http/bodyreader.h"
#include "http/headwriter.h"
#include "http/syntax.h"

#include <algorithm>

using namespace sami;
using namespace sami::http;
using Status = BodyReader::Status;

namespace {

struct Outcome
{
    Status status = Status::NeedMore;
    BodyFault fault {};
    qsizetype consumed = 0;
    QByteArray content;
    HeaderList trailers;
    bool isDone = false;
    bool isCompletedByFin = false;

    friend bool operator==(const Outcome &, const Outcome &) = default;
};

Outcome read(const BodyFraming &framing, const QList<fuzzing::Piece> &pieces)
{
    BodyReader reader(framing);
    Outcome outcome;
    const auto step = [&](QByteArrayView &rest) {
        const BodyReader::Step made = reader.next(rest);
        fuzzing::require(made.consumed <= rest.size(), "nothing is taken that is not there");
        outcome.consumed += made.consumed;
        outcome.content += made.data;
        rest = rest.sliced(made.consumed);
        outcome.fault = made.status == Status::Failed ? made.fault : BodyFault {};
        return made.status;
    };
    for (const fuzzing::Piece &piece : pieces) {
        QByteArrayView rest = fuzzing::viewOf(piece);
        do
            outcome.status = step(rest);
        while (outcome.status == Status::Data);
        if (outcome.status != Status::NeedMore)
            break;
    }
    fuzzing::require(reader.contentBytes() == quint64(outcome.content.size()),
                     "content is counted");
    outcome.isDone = reader.isDone();
    outcome.isCompletedByFin = reader.finish();
    outcome.trailers = reader.trailers();
    return outcome;
}

BodyFraming framingOf(QByteArrayView name)
{
    if (name == "chunked")
        return { BodyKind::Chunked };
    if (name == "close")
        return { BodyKind::UntilClose };
    const quint64 length = std::min<quint64>(parseDecimal(name).value_or(0), 1 << 20);
    return length > 0 ? BodyFraming { BodyKind::Length, length } : BodyFraming {};
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzzing::Cuttable input(data, size);
    const BodyFraming framing = framingOf(fuzzing::takeLine(input.octets));
    const Outcome whole = read(framing, input.whole());
    fuzzing::require(whole == read(framing, input.inPieces()),
                     "a body reads the same however it is cut");

    const bool isUntilClose = framing.kind == BodyKind::UntilClose;
    fuzzing::require(whole.isCompletedByFin == (whole.isDone || isUntilClose),
                     "a FIN completes no body that has another end");
    if (framing.kind == BodyKind::Length)
        fuzzing::require(whole.isDone == (quint64(whole.content.size()) == framing.length),
                         "a length is that many octets");
    if (framing.kind != BodyKind::Chunked || !whole.isDone)
        return 0;

    QByteArray written;
    writeChunk(written, whole.content);
    writeLastChunk(written, whole.trailers);
    const Outcome again = read(framing, { fuzzing::pieceOf(written + "next") });
    fuzzing::require(again.isDone && again.consumed == written.size()
                         && again.content == whole.content && again.trailers == whole.trailers,
                     "written chunks read the same");
    return 0;
}
