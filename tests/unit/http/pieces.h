// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "http/headparser.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

#include <vector>

/// Every parser vector runs whole, byte by byte, and split at every position. Each piece is fed
/// from an allocation of its exact size, so that a sanitizer catches a read past the end.
namespace pieces {

using Piece = std::vector<char>;
using Cutting = std::vector<Piece>;

inline Piece pieceOf(QByteArrayView octets)
{
    return Piece(octets.begin(), octets.end());
}

inline Cutting perOctet(QByteArrayView octets)
{
    Cutting cutting;
    for (qsizetype i = 0; i < octets.size(); ++i)
        cutting.push_back(pieceOf(octets.sliced(i, 1)));
    return cutting;
}

inline QList<Cutting> cuttings(QByteArrayView octets)
{
    QList<Cutting> all { { pieceOf(octets) }, perOctet(octets) };
    for (qsizetype cut = 1; cut < octets.size(); ++cut)
        all.append({ pieceOf(octets.first(cut)), pieceOf(octets.sliced(cut)) });
    return all;
}

inline QByteArrayView viewOf(const Piece &piece)
{
    return QByteArrayView(piece.data(), static_cast<qsizetype>(piece.size()));
}

/// Feeds until the parser is done; `consumed` becomes the sum over all pieces.
inline sami::http::HeadProgress feed(sami::http::HeadParser &parser, const Cutting &cutting)
{
    sami::http::HeadProgress progress;
    qsizetype consumed = 0;
    for (const Piece &piece : cutting) {
        progress = parser.feed(viewOf(piece));
        consumed += progress.consumed;
        if (progress.status != sami::http::HeadProgress::Status::NeedMore)
            break;
    }
    progress.consumed = consumed;
    return progress;
}

/// The fields as "name: value" lines, for comparisons and readable failures.
inline QByteArray linesOf(const sami::http::HeaderList &fields)
{
    QByteArray lines;
    for (const sami::http::Field &field : fields)
        lines += field.name + ": " + field.value + '\n';
    return lines;
}

} // namespace pieces
