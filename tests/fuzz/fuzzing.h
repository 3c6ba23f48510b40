// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <utility>
#include <vector>

/// What the fuzz targets share. A target is one function, LLVMFuzzerTestOneInput(); libFuzzer calls
/// it with inputs that it makes, replay.cpp with the files of the corpus.
namespace sami::fuzzing {

/// A property. Unlike an assertion it counts in every build: the corpora judge release builds too.
inline void require(bool holds, const char *property)
{
    if (holds)
        return;
    std::fprintf(stderr, "property violated: %s\n", property);
    std::abort();
}

inline QByteArrayView viewOf(const uint8_t *data, size_t size)
{
    return QByteArrayView(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
}

/// The text up to the first LF, which is dropped; `text` becomes the rest.
inline QByteArrayView takeLine(QByteArrayView &text)
{
    const qsizetype newline = text.indexOf('\n');
    const QByteArrayView line = newline < 0 ? text : text.first(newline);
    text = newline < 0 ? QByteArrayView() : text.sliced(newline + 1);
    return line;
}

/// A piece of its exact size, so that a sanitizer sees a parser look past its end.
using Piece = std::vector<char>;

inline Piece pieceOf(QByteArrayView octets)
{
    return Piece(octets.begin(), octets.end());
}

inline QByteArrayView viewOf(const Piece &piece)
{
    return QByteArrayView(piece.data(), static_cast<qsizetype>(piece.size()));
}

/// Cuts by sizes that are characters, over and over: '1' is one octet, 'A' are 17. Without sizes,
/// cuts after every octet. There is always a piece, even if it is empty.
inline QList<Piece> cut(QByteArrayView octets, QByteArrayView sizes)
{
    QList<Piece> pieces;
    for (qsizetype turn = 0; !octets.isEmpty(); ++turn) {
        const char c = sizes.isEmpty() ? '1' : sizes[turn % sizes.size()];
        const qsizetype wanted = c > '0' ? c - '0' : 1;
        const qsizetype size = qMin(wanted, octets.size());
        pieces.append(pieceOf(octets.first(size)));
        octets = octets.sliced(size);
    }
    if (pieces.isEmpty())
        pieces.append(Piece());
    return pieces;
}

/// An input whose first line says how the rest is cut.
struct Cuttable
{
    QByteArrayView sizes;
    QByteArrayView octets;

    Cuttable(const uint8_t *data, size_t size) : octets(viewOf(data, size))
    {
        sizes = takeLine(octets);
    }
    [[nodiscard]] QList<Piece> whole() const { return { pieceOf(octets) }; }
    [[nodiscard]] QList<Piece> inPieces() const { return cut(octets, sizes); }
};

} // namespace sami::fuzzing

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
