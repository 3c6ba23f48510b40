// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "http/fieldparser.h"
#include "http/headfault.h"
#include "http/messagehead.h"

#include <QByteArray>
#include <QByteArrayView>

namespace sami::http {

struct ParseError
{
    HeadFault code {};
    qsizetype offset = 0; ///< of the first offending octet, from the start of the head
};

/// The outcome of one feed().
struct HeadProgress
{
    enum class Status { NeedMore, Complete, Failed };
    Status status = Status::NeedMore;
    qsizetype consumed = 0; ///< octets of this feed() that belong to the head
    ParseError error {};    ///< valid when Failed
};

/// The part that requests and responses share: a start line and field lines from arbitrary pieces.
/// Looks at each octet once, so feeding single octets costs no more than feeding all at once. Fails
/// at the first offending octet, not at the end of its line.
class HeadParser
{
public:
    virtual ~HeadParser() = default;

    /// Takes the next octets. After Complete, the body or the next request begins at `consumed`.
    /// After Complete or Failed call reset() before the next feed().
    [[nodiscard]] HeadProgress feed(QByteArrayView input);

    /// Whether any octet of a head (other than skipped empty lines) has come.
    [[nodiscard]] bool hasStarted() const { return m_started; }
    /// Whether any octet at all has come, even of an empty line.
    [[nodiscard]] bool hasSeenOctets() const { return m_started || m_sawCr || m_emptyLines > 0; }
    [[nodiscard]] const HeadLimits &limits() const { return m_limits; }
    /// Heap octets of the unfinished head: more than was sent, because each field takes two
    /// allocations. Constant time.
    [[nodiscard]] qsizetype heldBytes() const;

protected:
    using Leniency = FieldParser::Leniency;
    using Step = FieldParser::Step;
    using Status = FieldParser::Status;

    HeadParser(const HeadLimits &limits, Leniency leniency);
    HeadParser(const HeadParser &) = default;
    HeadParser(HeadParser &&) = default;
    HeadParser &operator=(const HeadParser &) = default;
    HeadParser &operator=(HeadParser &&) = default;

    /// Takes the octets of the start line and its line end; never called with empty input.
    virtual Step startLine(QByteArrayView input) = 0;
    /// Heap octets of the start line's parts.
    [[nodiscard]] virtual qsizetype startLineBytes() const = 0;

    void resetBase();
    /// Applies to the fields of this head only. Call before any of them is read.
    void readFieldsAsUnforwarded();
    [[nodiscard]] HeaderList takeFields() { return m_fieldParser.take(); }
    [[nodiscard]] const FieldParser &fieldParser() const { return m_fieldParser; }

    /// The text since the last call up to `to`; it may begin in an earlier piece.
    [[nodiscard]] QByteArray takePending(const char *from, const char *to);
    void keepPending(const char *from, const char *to) { m_pending.append(from, to - from); }
    [[nodiscard]] qsizetype pendingSize() const { return m_pending.size(); }
    [[nodiscard]] const QByteArray &pending() const { return m_pending; }
    /// The skipped empty lines, as received.
    [[nodiscard]] QByteArray emptyLines() const;

private:
    enum class Phase {
        EmptyLines, ///< before a request: empty lines are skipped (RFC 9112 §2.2)
        StartLine,
        Fields,
        Ended, ///< complete or failed
    };

    Step skipEmptyLines(QByteArrayView input);
    Step headOctets(QByteArrayView input);

    HeadLimits m_limits;
    Leniency m_leniency;
    Phase m_phase;
    bool m_started = false;
    bool m_sawCr = false; ///< within an empty line
    int m_emptyLines = 0;
    qsizetype m_headBytes = 0;
    FieldParser m_fieldParser;
    QByteArray m_pending;
};

/// Strict parser of request heads (RFC 9112 §3, §5). Skips a few empty lines before the request
/// line (§2.2). Fails where two readers could read a head differently.
///
/// Strictness follows what is forwarded. A CONNECT's head is not, so once its method is exactly
/// "CONNECT", the parser fails only if what we read of it is ambiguous:
///
///   in a CONNECT                                        else   CONNECT   why
///   LF as a line end, even of the empty line            400    lenient   corkscrew writes it
///   a control in the value of a field that we ignore    400    lenient   it has no meaning here
///   the same in Proxy-Authorization, Proxy-Connection,
///   Connection, Via                                     400    400       we read them
///   bare CR, NUL                                        400    400       not a line end or text
///   obs-fold, blank before the colon or first field     400    400       which field is it?
///   a name that is not a token, a line without a colon  400    400       the same
///   malformed method, target or version                 400    400       we read them
///   LF before the method                                400    400       not a CONNECT yet
///
/// server/intake.h has the checks of the whole head (Host, Content-Length, Transfer-Encoding), and
/// the price.
class RequestHeadParser final : public HeadParser
{
public:
    explicit RequestHeadParser(const HeadLimits &limits = {});
    /// The head, once feed() has returned Complete. Resets the parser.
    [[nodiscard]] RequestHead take();
    void reset();

    /// How much of a request line was read.
    struct Begun
    {
        QByteArrayView method; ///< empty until it was read whole
        QByteArrayView target; ///< up to the fault
        bool isTargetWhole = false;
    };
    /// For a head that has begun or failed. Views into the parser.
    [[nodiscard]] Begun begun() const;
    /// Whether a field of that name has come, of a head that has begun or failed.
    [[nodiscard]] bool hasBegunField(QByteArrayView name) const
    {
        return fieldParser().hasBegun(name);
    }
    /// What was consumed of a head that failed before its fields, octet for octet, to find out
    /// which other protocol it is.
    [[nodiscard]] QByteArray consumedOfStart() const;

private:
    enum class State { Method, Target, Version, CarriageReturn, LineFeed };

    Step startLine(QByteArrayView input) override;
    [[nodiscard]] qsizetype startLineBytes() const override;
    Step method(QByteArrayView input, qsizetype at);
    Step target(QByteArrayView input, qsizetype at);
    Step version(QByteArrayView input, qsizetype at);

    State m_state = State::Method;
    int m_versionOctets = 0;
    char m_major = 0;
    bool m_isConnect = false;
    RequestHead m_head;
};

/// Parser of response heads that mends what RFC 9112 asks a proxy to mend: a blank before the colon
/// (§5.1), obs-fold (§5.2), bare LF as a line end (§2.2). It keeps control octets where they
/// confuse no reader: in the values of most fields (FieldParser), and in the reason, which nobody
/// interprets (Deviation: RFC 9112 §4). It marks a head that a strict reader would refuse.
class ResponseHeadParser final : public HeadParser
{
public:
    explicit ResponseHeadParser(const HeadLimits &limits = responseHeadLimits);
    [[nodiscard]] ResponseHead take();
    void reset();

private:
    enum class State { VersionAndStatus, AfterStatus, Reason, LineFeed };

    Step startLine(QByteArrayView input) override;
    [[nodiscard]] qsizetype startLineBytes() const override;
    [[nodiscard]] bool acceptFixed(char c);

    State m_state = State::VersionAndStatus;
    int m_fixedOctets = 0; ///< how much of "HTTP/1.1 200" was read
    ResponseHead m_head;
};

} // namespace sami::http
