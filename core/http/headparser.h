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
    qsizetype offset = 0; ///< of the first offending octet, counted from the head's first
};

/// What became of one feed().
struct HeadProgress
{
    enum class Status { NeedMore, Complete, Failed };
    Status status = Status::NeedMore;
    qsizetype consumed = 0; ///< octets of this feed() that belong to the head
    ParseError error {};    ///< valid when Failed
};

/// The part that requests and responses share: a start line and field lines out of arbitrary
/// pieces. Feeding one octet at a time costs the same as feeding all at once: each octet is
/// looked at once. It fails at the first offending octet, not at the end of its line.
class HeadParser
{
public:
    virtual ~HeadParser() = default;

    /// Takes the next octets. After Complete, `consumed` marks where the body (or the next
    /// request) begins; after Complete or Failed call reset() before feeding again.
    [[nodiscard]] HeadProgress feed(QByteArrayView input);

    /// True once any octet of a head (not the skipped empty lines) has been seen.
    [[nodiscard]] bool hasStarted() const { return m_started; }
    /// True once any octet at all has been seen, be it of an empty line.
    [[nodiscard]] bool hasSeenOctets() const { return m_started || m_sawCr || m_emptyLines > 0; }
    [[nodiscard]] const HeadLimits &limits() const { return m_limits; }
    /// What the unfinished head takes of the heap, in octets: more than was sent, as each field is
    /// two allocations. Constant time.
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

    /// The octets of the start line with its line end; never called with none.
    virtual Step startLine(QByteArrayView input) = 0;
    /// What the parts of the start line take of the heap.
    [[nodiscard]] virtual qsizetype startLineBytes() const = 0;

    void resetBase();
    /// For the fields of this head alone, before any of them is read.
    void readFieldsAsUnforwarded();
    [[nodiscard]] HeaderList takeFields() { return m_fieldParser.take(); }
    [[nodiscard]] const FieldParser &fieldParser() const { return m_fieldParser; }

    /// The text since the last call that ends before `to`; begun in an earlier piece perhaps.
    [[nodiscard]] QByteArray takePending(const char *from, const char *to);
    void keepPending(const char *from, const char *to) { m_pending.append(from, to - from); }
    [[nodiscard]] qsizetype pendingSize() const { return m_pending.size(); }
    [[nodiscard]] const QByteArray &pending() const { return m_pending; }
    /// The empty lines that were skipped, as they came.
    [[nodiscard]] QByteArray emptyLines() const;

private:
    enum class Phase {
        EmptyLines, ///< a request's start: empty lines are skipped (RFC 9112 §2.2)
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
    bool m_sawCr = false; ///< of an empty line
    int m_emptyLines = 0;
    qsizetype m_headBytes = 0;
    FieldParser m_fieldParser;
    QByteArray m_pending;
};

/// Strict parser of request heads (RFC 9112 §3, §5). A few empty lines before the request line
/// are skipped (§2.2). Where two readers could read a head differently it fails.
///
/// Strictness follows what is forwarded. The head of a CONNECT is not, so from its method on,
/// exactly "CONNECT", it fails only where what we read of it could have two meanings:
///
///   in a CONNECT                                        else   CONNECT   why
///   LF as a line end, the empty line too                400    lenient   corkscrew writes it
///   a control in the value of a field nobody reads      400    lenient   it says nothing here
///   the same in Proxy-Authorization, Proxy-Connection,
///   Connection, Via                                     400    400       we read them
///   bare CR, NUL                                        400    400       no line end, no text
///   obs-fold, blank before the colon or first field     400    400       which field is it?
///   a name that is no token, a line without a colon     400    400       the same
///   anything odd in method, target or version           400    400       we read them
///   LF before the method                                400    400       no CONNECT yet
///
/// What is judged of a whole head (Host, Content-Length, Transfer-Encoding) is in server/intake.h,
/// as is the price.
class RequestHeadParser final : public HeadParser
{
public:
    explicit RequestHeadParser(const HeadLimits &limits = {});
    /// The head, once feed() said Complete; leaves the parser reset.
    [[nodiscard]] RequestHead take();
    void reset();

    /// How far a request line was read.
    struct Begun
    {
        QByteArrayView method; ///< empty unless it was read whole
        QByteArrayView target; ///< up to the fault
        bool isTargetWhole = false;
    };
    /// Of a head that has begun or failed. Views into the parser.
    [[nodiscard]] Begun begun() const;
    /// Whether a field of that name has come, of a head that has begun or failed.
    [[nodiscard]] bool hasBegunField(QByteArrayView name) const
    {
        return fieldParser().hasBegun(name);
    }
    /// What was consumed of a head that failed before its fields, octet for octet, for whoever
    /// wants to know what else than HTTP it is.
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

/// Parser of response heads that mends what RFC 9112 tells a proxy to mend: blank before the
/// colon (§5.1), obs-fold (§5.2), a line end of bare LF (§2.2). It leaves control octets where no
/// reader stumbles over them: in the values of most fields (FieldParser), and in the reason, which
/// nobody reads (Deviation: RFC 9112 §4). A head that a strict reader would refuse is marked.
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
    int m_fixedOctets = 0; ///< of "HTTP/1.1 200"
    ResponseHead m_head;
};

} // namespace sami::http
