// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "http/messagehead.h"

#include <QByteArray>
#include <QByteArrayView>

namespace sami::http {

/// Everything that can be wrong with a head. faultStatus() is the answer a client gets.
enum class HeadFault {
    BadMethod, ///< not a token (TLS, binary junk)
    BadTarget, ///< empty, or a control or blank in it
    BadRequestLine, ///< not "method SP target SP version"
    BadVersion, ///< not HTTP/d.d
    UnsupportedVersion, ///< a major version other than 1, or 1.x with x > 1 in a request
    BadStatusLine,
    BareCr, ///< CR that is not followed by LF
    BareLf, ///< LF without CR (requests only; responses are mended)
    ControlCharacter, ///< NUL or another control in a name or value
    BadFieldName, ///< empty or not a token
    BlankBeforeColon, ///< requests only; responses are mended (RFC 9112 §5.1)
    MissingColon,
    ObsFold, ///< requests only; responses are mended (RFC 9112 §5.2)
    LeadingBlankLine, ///< white space before the first field line (RFC 9112 §2.2)
    TargetTooLong,
    HeadTooLarge,
    TooManyFields,
};

[[nodiscard]] const char *toString(HeadFault fault);
/// 400, 414, 431 or 505.
[[nodiscard]] int faultStatus(HeadFault fault);

struct ParseError
{
    HeadFault code {};
    qsizetype offset = 0; ///< of the first offending octet, counted from the head's first
};

/// What became of one feed().
struct HeadProgress
{
    enum class Status { NeedMore, Complete, Failed };
    Status status = Status::NeedMore;
    qsizetype consumed = 0; ///< octets of this feed() that belong to the head
    ParseError error {}; ///< valid when Failed
};

/// The part that requests and responses share: lines out of arbitrary pieces. Feeding one octet
/// at a time costs the same as feeding all at once: each octet is looked at once.
class HeadParser
{
public:
    /// Takes the next octets. After Complete, `consumed` marks where the body (or the next
    /// request) begins; after Complete or Failed call reset() before feeding again.
    [[nodiscard]] HeadProgress feed(QByteArrayView input);

    /// True once any octet of a head (not the skipped empty lines) has been seen.
    [[nodiscard]] bool hasStarted() const { return m_started; }
    /// Octets of this head so far.
    [[nodiscard]] qsizetype headBytes() const { return m_headBytes; }

protected:
    enum class Leniency { Strict, Mending };

    HeadParser(const HeadLimits &limits, Leniency leniency) :
        m_limits(limits), m_leniency(leniency) { }
    ~HeadParser() = default;

    void resetBase();

    HeadLimits m_limits;
    HeaderList m_fields;

    // To be completed by the implementation: line buffer, counters, virtual hook for the first
    // line.
    bool m_started = false;
    qsizetype m_headBytes = 0;
    Leniency m_leniency;
};

/// Strict parser of request heads (RFC 9112 §3, §5). A few empty lines before the request line
/// are skipped (§2.2). Where two readers could read a head differently it fails.
class RequestHeadParser final : public HeadParser
{
public:
    explicit RequestHeadParser(const HeadLimits &limits = {});
    /// The head, once feed() said Complete; leaves the parser reset.
    [[nodiscard]] RequestHead take();
    void reset();
};

/// Parser of response heads that mends what RFC 9112 tells a proxy to mend: blank before the
/// colon (§5.1), obs-fold (§5.2), a line end of bare LF (§2.2).
class ResponseHeadParser final : public HeadParser
{
public:
    explicit ResponseHeadParser(const HeadLimits &limits = {});
    [[nodiscard]] ResponseHead take();
    void reset();
};

} // namespace sami::http
