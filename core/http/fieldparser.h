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
///   input                   Strict              Mending               Unforwarded
///   "Name : value"          BlankBeforeColon    "Name: value"         BlankBeforeColon
///   CRLF SP "more"          ObsFold             one SP and "more"     ObsFold
///   LF without CR           BareLf              a line end            a line end
///   CR without LF           BareCr              BareCr                BareCr
///   NUL in a value          ControlCharacter    ControlCharacter      ControlCharacter
///   another control there   ControlCharacter    stays, see below      data, unless we read it
///
/// RFC 9112 §5.1, §5.2, §2.2, RFC 9110 §5.5. Unforwarded is for the head of a CONNECT, which goes
/// no further: only what we read of it can have two meanings. A fold and a blank before the colon
/// stay refused there: a line would be a field that we read to one reader, and to another a piece
/// of the value before it or a field of another name.
///
/// Deviation: RFC 9110 §5.5 would have an invalid octet refused or replaced. The origin owns its
/// answer, no reader takes such an octet for the end of a line or of the text, and clients without
/// a proxy get it (firewalls and shops put them into cookies). It stays only in the values of
/// fields that the proxy itself neither reads nor writes (isRead()).
class FieldParser
{
public:
    enum class Leniency { Strict, Mending, Unforwarded };
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
    /// Whether something passed that Strict refuses.
    [[nodiscard]] bool wasLenient() const { return m_wasLenient; }
    /// Whether control octets stay in a value.
    [[nodiscard]] bool keepsControls() const { return m_keepsControls; }
    /// Whether a field of that name has come, be its value whole or not.
    [[nodiscard]] bool hasBegun(QByteArrayView name) const;
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
    [[nodiscard]] bool takesControl(char c) const;
    [[nodiscard]] QByteArray takePending(const char *from, const char *to);
    void finishValue(const char *from, const char *to);

    Leniency m_leniency;
    State m_state = State::LineStart;
    bool m_folding = false; ///< the line continues the last field
    bool m_wasLenient = false;
    bool m_keepsControls = false;
    qsizetype m_maxFields;
    HeaderList m_fields;
    qsizetype m_fieldBytes = 0; ///< what their names and values take of the heap
    QByteArray m_name;
    QByteArray m_pending; ///< the begun name or value, when it is cut by the end of a piece
};

} // namespace sami::http
