// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "http/headerlist.h"
#include "http/headfault.h"

#include <QByteArray>
#include <QByteArrayView>

namespace sami::http {

/// Parses field lines and the empty line after them from arbitrary pieces (RFC 9112 §5): the part
/// that request heads, response heads and trailer sections share. Looks at each octet once.
///
///   input                   Strict              Mending               Unforwarded
///   "Name : value"          BlankBeforeColon    "Name: value"         BlankBeforeColon
///   CRLF SP "more"          ObsFold             one SP and "more"     ObsFold
///   LF without CR           BareLf              a line end            a line end
///   CR without LF           BareCr              BareCr                BareCr
///   NUL in a value          ControlCharacter    ControlCharacter      ControlCharacter
///   another control there   ControlCharacter    kept, see below       kept, unless we read it
///
/// RFC 9112 §5.1, §5.2, §2.2, RFC 9110 §5.5. Unforwarded is for the head of a CONNECT, which goes
/// no further, so only the fields that we read can be ambiguous. A fold and a blank before the
/// colon stay refused even there: one reader would see a field that we read, another a piece of the
/// previous value or a field of another name.
///
/// Deviation: RFC 9110 §5.5 has invalid octets refused or replaced. We keep them, because the
/// origin owns its response, no reader takes such an octet for the end of a line or of the text,
/// and clients without a proxy get them too (firewalls and shops put them into cookies). They stay
/// only in values of fields that the proxy neither reads nor writes (isRead()).
class FieldParser
{
public:
    enum class Leniency { Strict, Mending, Unforwarded };
    enum class Status { NeedMore, Complete, Failed };
    struct Step
    {
        Status status = Status::NeedMore;
        /// Octets taken, up to and including the empty line.
        qsizetype consumed = 0;
        /// When Failed: the offset of the offending octet in this piece; -1 for a CR that was the
        /// previous piece's last octet.
        qsizetype offset = 0;
        HeadFault fault {};
    };

    FieldParser(Leniency leniency, qsizetype maxFields)
        : m_leniency(leniency), m_maxFields(maxFields)
    {}

    /// Takes octets up to the empty line. The caller limits their number.
    [[nodiscard]] Step feed(QByteArrayView input);
    /// Heap octets of the fields so far. Constant time.
    [[nodiscard]] qsizetype heldBytes() const;
    /// Whether anything passed that Strict refuses.
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
        BeforeValue,  ///< blanks after the colon
        Value,        ///< inside a field value
        LineFeed,     ///< the LF of a field's CRLF
        LastLineFeed, ///< the LF of the empty line's CRLF
    };
    /// Where a state stopped in its octets, and whether that is a fault.
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
    bool m_folding = false; ///< this line continues the last field
    bool m_wasLenient = false;
    bool m_keepsControls = false;
    qsizetype m_maxFields;
    HeaderList m_fields;
    qsizetype m_fieldBytes = 0; ///< heap octets of their names and values
    QByteArray m_name;
    QByteArray m_pending; ///< a name or value that the end of a piece cut
};

} // namespace sami::http
