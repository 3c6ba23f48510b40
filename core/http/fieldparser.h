// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "http/headerlist.h"
#include "http/headfault.h"

#include <QByteArray>
#include <QByteArrayView>

namespace sami::http {

/// Field lines and the empty line behind them, out of arbitrary pieces (RFC 9112 §5): the part
/// that request heads, response heads and trailer sections share. Each octet is looked at once.
///
///   input                   Strict              Mending
///   "Name : value"          BlankBeforeColon    "Name: value"         RFC 9112 §5.1
///   CRLF SP "more"          ObsFold             one SP and "more"     RFC 9112 §5.2
///   LF without CR           BareLf              a line end            RFC 9112 §2.2
///   CR without LF           BareCr              BareCr                RFC 9112 §2.2
///   a control in a value    ControlCharacter    ControlCharacter      RFC 9110 §5.5
class FieldParser
{
public:
    enum class Leniency { Strict, Mending };
    enum class Status { NeedMore, Complete, Failed };
    struct Step
    {
        Status status = Status::NeedMore;
        /// Octets taken, up to and with the empty line.
        qsizetype consumed = 0;
        /// When Failed: where in this piece the offending octet is; -1 for a CR that was the last
        /// octet of the piece before.
        qsizetype offset = 0;
        HeadFault fault {};
    };

    FieldParser(Leniency leniency, qsizetype maxFields)
        : m_leniency(leniency), m_maxFields(maxFields)
    {}

    /// Takes octets until the empty line. Bounding their number is the caller's affair.
    [[nodiscard]] Step feed(QByteArrayView input);
    /// What the fields so far take of the heap, in octets. Constant time.
    [[nodiscard]] qsizetype heldBytes() const;
    /// The fields so far; leaves the parser as new.
    [[nodiscard]] HeaderList take();

private:
    enum class State {
        LineStart,    ///< the first octet of a line decides what it is
        Name,         ///< inside a field name
        AfterName,    ///< blanks between name and colon, being mended
        BeforeValue,  ///< blanks behind the colon
        Value,        ///< inside a field value
        LineFeed,     ///< the LF behind a field's CR
        LastLineFeed, ///< the LF behind the empty line's CR
    };
    /// What one state made of its octets: where it stopped, and whether that was a fault.
    struct Scan
    {
        const char *at = nullptr;
        bool failed = false;
        HeadFault fault {};
    };

    Scan lineStart(const char *at);
    Scan name(const char *at, const char *end);
    Scan afterName(const char *at, const char *end);
    Scan value(const char *at, const char *end);
    [[nodiscard]] QByteArray takePending(const char *from, const char *to);
    void finishValue(const char *from, const char *to);

    Leniency m_leniency;
    State m_state = State::LineStart;
    bool m_folding = false; ///< the line continues the last field
    qsizetype m_maxFields;
    HeaderList m_fields;
    qsizetype m_fieldBytes = 0; ///< what their names and values take of the heap
    QByteArray m_name;
    QByteArray m_pending; ///< the begun name or value, when it is cut by the end of a piece
};

} // namespace sami::http
