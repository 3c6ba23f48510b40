// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "sessionjudge.h"

#include "fuzzing.h"
#include "headfuzzing.h"
#include "http/bodyreader.h"
#include "http/forwarding.h"
#include "http/persistence.h"
#include "strictreader.h"

#include <algorithm>
#include <utility>

namespace sami::fuzzing {

using http::BodyKind;
using http::BodyReader;
using http::HeadProgress;

namespace {

// What a proxy adds may make a head larger than the one it received.
constexpr http::HeadLimits roomy { qsizetype(256) * 1024, 300, qsizetype(64) * 1024 };

bool areEqual(const http::RequestHead &left, const http::RequestHead &right)
{
    return left.method == right.method && left.target == right.target
        && left.version == right.version && left.fields == right.fields;
}

/// The proxy adds its Via to everything that it forwards, after all others.
bool isForwarded(const http::ResponseHead &head)
{
    const QList<QByteArrayView> via = head.fields.values("Via");
    return !via.isEmpty() && via.last().endsWith(sessionPseudonym);
}

/// What the proxy must send for that request.
http::RequestHead expectedHead(const server::Intake &intake)
{
    http::RequestHead head = intake.head;
    static_cast<void>(http::applyMaxForwards(head));
    return http::upstreamRequest(head, intake.target, intake.framing, sessionPseudonym,
                                 intake.asksForWebSocket);
}

/// Whether a strict reader cannot read that head, or may find a body after it.
bool isLenient(QByteArrayView octets, const http::RequestHead &head)
{
    const qsizetype hosts = head.fields.count("Host");
    return needLeniency(octets) || head.fields.contains("Content-Length")
        || head.fields.contains("Transfer-Encoding") || hosts > 1
        || (hosts == 0 && head.version == http::Version::Http11)
        || (hosts == 1 && !http::isValidHostField(*head.fields.value("Host")));
}

/// Reads what one upstream was sent, in the order of the writes, and what it said.
struct UpstreamReader
{
    http::RequestHeadParser parser { roomy };
    BodyReader body;
    qsizetype at = 0;         ///< in what was accepted
    qsizetype answersAt = 0;  ///< in what was said: where the next answer begins
    qsizetype forwarded = -1; ///< the request whose body is being read
    int requests = 0;
    bool isRaw = false;  ///< after an upgrade
    bool isOver = false; ///< no other request may follow
    QByteArray raw;
};

} // namespace

Body readBody(const http::BodyFraming &framing, QByteArrayView octets)
{
    BodyReader reader(framing);
    Body body;
    while (true) {
        const BodyReader::Step step = reader.next(octets.sliced(body.end));
        body.end += step.consumed;
        body.content += step.data;
        if (step.status != BodyReader::Status::Data)
            break;
    }
    body.isComplete = reader.isDone();
    return body;
}

SessionJudge::SessionJudge(const SessionRecord &record) : m_record(record) {}

void SessionJudge::judge()
{
    readClient();
    readTold();
    readUpstreams();
    for (const WirePtr &wire : m_record.upstreams) {
        if (wire->isTunnel)
            judgeTunnelUpstream(*wire);
    }
    for (qsizetype i = 0; i < m_told.size(); ++i)
        judgeTold(i);
    judgeAccount();
}

/// Up to where a strict reader is certain; requests after a CONNECT are only candidates.
void SessionJudge::readClient()
{
    QByteArrayView rest = m_record.client->sent;
    while (true) {
        http::RequestHeadParser parser;
        const HeadProgress progress = parser.feed(rest);
        if (progress.status != HeadProgress::Status::Complete)
            return;
        const QByteArrayView octets = rest.first(progress.consumed);
        rest = rest.sliced(progress.consumed);
        http::RequestHead head = parser.take();
        requireLeniencyForConnectAlone(octets, head);
        const bool wasLenient = head.method == "CONNECT" && isLenient(octets, head);
        auto intake = server::readIntake(std::move(head));
        if (!intake)
            return;
        Asked asked { std::move(*intake), {}, rest, wasLenient };
        asked.body = readBody(asked.intake.framing, rest);
        rest = rest.sliced(asked.body.end);
        const bool isComplete = asked.body.isComplete;
        m_asked.append(std::move(asked));
        if (!isComplete)
            return;
    }
}

void SessionJudge::readUpstreams()
{
    std::vector<UpstreamReader> readers(m_record.upstreams.size());
    for (const auto &[upstream, size, request] : m_record.writes) {
        const Wire &wire = *m_record.upstreams[upstream];
        UpstreamReader &reader = readers[upstream];
        QByteArrayView octets = QByteArrayView(wire.accepted).sliced(reader.at, size);
        reader.at += size;
        while (!octets.isEmpty() && !wire.isTunnel && !reader.isRaw) {
            if (reader.forwarded >= 0) {
                Forwarded &forwarded = m_forwarded[reader.forwarded];
                const BodyReader::Step step = reader.body.next(octets);
                require(step.status != BodyReader::Status::Failed,
                        "a forwarded body is well-formed");
                forwarded.body.content += step.data;
                forwarded.body.isComplete = reader.body.isDone();
                octets = octets.sliced(step.consumed);
                if (reader.body.isDone())
                    reader.forwarded = -1;
                continue;
            }
            const HeadProgress progress = reader.parser.feed(octets);
            require(progress.status != HeadProgress::Status::Failed,
                    "what is forwarded is well-formed");
            octets = octets.sliced(progress.consumed);
            if (progress.status != HeadProgress::Status::Complete)
                continue;
            Forwarded forwarded;
            forwarded.upstream = upstream;
            require(!reader.isOver, "an answer that strict readers refuse is a connection's last");
            forwarded.isFirst = reader.requests++ == 0;
            forwarded.asked = request;
            judgeForwarded(reader.parser.take(), forwarded);
            const http::BodyFraming &framing = m_asked[forwarded.asked].intake.framing;
            forwarded.body.isComplete = framing.kind == BodyKind::None;
            reader.answersAt +=
                readAnswer(forwarded, QByteArrayView(wire.sent).sliced(reader.answersAt));
            reader.isOver = forwarded.wasMended;
            m_forwarded.append(forwarded);
            reader.body = BodyReader(framing);
            reader.forwarded = reader.body.isDone() ? -1 : m_forwarded.size() - 1;
            reader.isRaw = forwarded.answer && forwarded.answer->status == 101;
        }
        if (reader.isRaw)
            reader.raw += octets;
    }
    for (const Forwarded &forwarded : std::as_const(m_forwarded)) {
        const Asked &asked = m_asked[forwarded.asked];
        require(asked.body.content.startsWith(forwarded.body.content), "a body goes on as it came");
        require(!forwarded.body.isComplete
                    || (asked.body.isComplete && asked.body.content == forwarded.body.content),
                "a cut request never looks complete to the upstream");
        const UpstreamReader &reader = readers[forwarded.upstream];
        require(!reader.isRaw || !forwarded.answer || forwarded.answer->status != 101
                    || asked.behindHead.startsWith(reader.raw),
                "an upgraded connection carries the client's octets alone");
    }
}

/// A forwarded head is its request's, and no request goes twice but one that may be repeated: it
/// has no body, and the connection, which had served before, ended without a word.
void SessionJudge::judgeForwarded(const http::RequestHead &head, const Forwarded &forwarded) const
{
    require(forwarded.asked >= 0 && forwarded.asked < m_asked.size(),
            "only what the client asked for is forwarded");
    const server::Intake &intake = m_asked[forwarded.asked].intake;
    require(!intake.isConnect() && areEqual(head, expectedHead(intake)),
            "a forwarded head is the request's");
    if (m_forwarded.isEmpty())
        return;
    const Forwarded &last = m_forwarded.last();
    require(forwarded.asked >= last.asked, "requests go on in their order");
    require(forwarded.asked > last.asked
                || (forwarded.upstream != last.upstream && !last.isFirst && !last.wasAnswered
                    && intake.framing.kind == BodyKind::None && http::isIdempotent(head.method)),
            "only what does no harm is repeated");
}

/// What a proper reader finds the upstream to have answered; returns how many octets that took.
qsizetype SessionJudge::readAnswer(Forwarded &forwarded, QByteArrayView said) const
{
    forwarded.wasAnswered = !said.isEmpty();
    QByteArrayView rest = said;
    http::ResponseHead head;
    do {
        http::ResponseHeadParser parser;
        const HeadProgress progress = parser.feed(rest);
        if (progress.status != HeadProgress::Status::Complete)
            return said.size();
        forwarded.wasMended |= !isStrictHead(rest.first(progress.consumed));
        rest = rest.sliced(progress.consumed);
        head = parser.take();
    } while (head.isInterim() && head.status != 101);
    forwarded.wasMended |=
        !hasOneFraming(head) || (head.status == 204 && head.fields.contains("Transfer-Encoding"));
    const server::Intake &intake = m_asked[forwarded.asked].intake;
    if (head.status == 101) {
        if (intake.asksForWebSocket) {
            forwarded.answer = head;
            forwarded.behindUpgrade = rest.toByteArray();
        }
        return said.size();
    }
    const auto framing = http::responseFraming(head, intake.head.method);
    if (!framing)
        return said.size();
    const Wire &wire = *m_record.upstreams[forwarded.upstream];
    forwarded.answer = head;
    forwarded.answerBody = readBody(*framing, rest);
    if (framing->kind == BodyKind::UntilClose)
        forwarded.answerBody.isComplete = wire.peerFin; // before an RST, then
    return said.size() - rest.size() + forwarded.answerBody.end;
}

/// What the client was told, answer by answer; the last one may be cut.
void SessionJudge::readTold()
{
    const Wire &client = *m_record.client;
    QByteArrayView rest = client.accepted;
    while (!rest.isEmpty()) {
        http::ResponseHeadParser parser(roomyResponse);
        const HeadProgress progress = parser.feed(rest);
        require(progress.status == HeadProgress::Status::Complete,
                "the client gets well-formed heads, whole");
        const QByteArrayView octets = rest.first(progress.consumed);
        rest = rest.sliced(progress.consumed);
        Told told;
        told.head = parser.take();
        require(hasOneFraming(told.head), "the client is told in one way where an answer ends");
        m_toldControls |= !isStrictHead(octets);
        told.isOwn = !isForwarded(told.head);
        const qsizetype index = m_told.size();
        const Asked *asked = index < m_asked.size() ? &m_asked[index] : nullptr;
        if (told.head.isInterim() && told.head.status != 101) {
            require(!told.isOwn && asked && asked->intake.head.version == http::Version::Http11,
                    "an interim answer is the upstream's, and not for HTTP/1.0");
            continue;
        }
        const bool isTunnel = told.head.status == 101
            || (asked && asked->intake.isConnect() && told.head.status == 200);
        if (isTunnel) {
            told.tunnel = rest.toByteArray();
            m_told.append(told);
            return;
        }
        const QByteArray method = asked ? asked->intake.head.method : QByteArray("GET");
        const auto framing = http::responseFraming(told.head, method);
        require(framing.has_value(), "the client is told where an answer ends");
        told.framing = *framing;
        told.body = readBody(*framing, rest);
        rest = rest.sliced(told.body.end);
        if (framing->kind == BodyKind::UntilClose)
            told.body.isComplete = client.proxyEnd != Wire::ProxyEnd::Reset;
        m_told.append(told);
        require(told.body.isComplete || rest.isEmpty(), "nothing follows an answer that was cut");
        require(!m_toldControls || rest.isEmpty(), "nothing follows control octets in a head");
    }
}

const Forwarded *SessionJudge::forwardedFor(qsizetype asked) const
{
    // The last: a retry's answer counts.
    const auto found = std::find_if(m_forwarded.crbegin(), m_forwarded.crend(),
                                    [asked](const Forwarded &one) { return one.asked == asked; });
    return found == m_forwarded.crend() ? nullptr : &*found;
}

void SessionJudge::judgeTunnelUpstream(const Wire &wire) const
{
    const bool isTheClients =
        std::any_of(m_asked.cbegin(), m_asked.cend(), [&](const Asked &asked) {
            return asked.intake.isConnect() && asked.intake.target.endpoint == wire.wish.endpoint
                && asked.behindHead.startsWith(wire.accepted);
        });
    require(isTheClients, "a tunnel carries the client's octets alone");
}

void SessionJudge::judgeTold(qsizetype index) const
{
    const Told &told = m_told[index];
    if (index >= m_asked.size()) {
        require(index == m_asked.size() && index == m_told.size() - 1 && told.isOwn
                    && told.head.status >= 400,
                "what cannot be read is refused, once and as the last");
        return;
    }
    const Asked &asked = m_asked[index];
    if (asked.intake.isConnect()) {
        require(told.isOwn, "the proxy itself answers CONNECT");
        if (told.head.status != 200) {
            require(!asked.isLenient
                        || (index == m_told.size() - 1
                            && told.head.fields.listContains("Connection", "close")),
                    "the refusal of a lenient CONNECT is the last word");
            return;
        }
        require(told.head.fields.isEmpty(), "a tunnel's 200 says nothing else");
        require(!m_record.upstreams.empty() && m_record.upstreams.back()->isTunnel
                    && m_record.upstreams.back()->sent.startsWith(told.tunnel),
                "a tunnel carries the upstream's octets alone");
        return;
    }
    if (told.isOwn) {
        require(told.head.status >= 400 || asked.intake.target.form != http::TargetForm::Absolute
                    || asked.intake.head.fields.contains("Max-Forwards"),
                "the proxy answers nothing in an upstream's place but errors");
        const bool isGone = m_record.client->proxyEnd != Wire::ProxyEnd::Fin;
        require(told.body.isComplete || isGone, "our own answers are whole");
        return;
    }
    judgeForwardedAnswer(told, asked, index);
}

void SessionJudge::judgeForwardedAnswer(const Told &told, const Asked &asked, qsizetype index) const
{
    const Forwarded *forwarded = forwardedFor(index);
    require(forwarded && forwarded->answer && forwarded->answer->status == told.head.status,
            "a forwarded answer is the upstream's");
    if (told.head.status == 101) {
        require(asked.intake.asksForWebSocket, "an upgrade was asked for");
        require(forwarded->behindUpgrade.startsWith(told.tunnel),
                "an upgraded connection carries the upstream's octets alone");
        return;
    }
    const Body &said = forwarded->answerBody;
    require(said.content.startsWith(told.body.content), "an answer goes on as it came");
    // A client that went away, or that does not read, gets what it can.
    const Wire &client = *m_record.client;
    if (client.peerReset || !told.body.isComplete)
        return;
    require(said.isComplete && said.content == told.body.content,
            "a cut answer never looks complete to the client");
    require(client.delivered == client.accepted.size() || told.framing.kind != BodyKind::UntilClose
                || client.proxyEnd == Wire::ProxyEnd::Reset,
            "an answer whose rest is lost does not look complete");
}

/// Each request, tunnel and silent connection has one line, which says what the client was told.
void SessionJudge::judgeAccount() const
{
    std::vector<int> accounted; // QList's comparison of two empty ones is undefined behaviour
    for (const account::FinishedWork &work : m_record.finished)
        accounted.push_back(work.status);
    require(!accounted.empty(), "every connection is accounted for");
    require(std::find(accounted.begin(), accounted.end() - 1, 0) == accounted.end() - 1,
            "only the last work may end without an answer");
    if (accounted.back() == 0)
        accounted.pop_back();
    std::vector<int> told;
    for (const Told &one : m_told)
        told.push_back(one.head.status);
    // An answer that could not be written any more is accounted for all the same.
    if (accounted.size() == told.size() + 1 && m_record.client->peerReset)
        accounted.pop_back();
    require(accounted == told, "one line for each answer, with its status");
}

bool SessionJudge::dependsOnTiming() const
{
    // Octets after a refused CONNECT end the connection if they are already there.
    const bool wasConnectRefused = [this] {
        for (qsizetype i = 0; i < std::min(m_told.size(), m_asked.size()); ++i) {
            if (m_asked[i].intake.isConnect() && m_told[i].head.status != 200)
                return true;
        }
        return false;
    }();
    return wasConnectRefused || m_record.wasEverBlocked || m_record.wasApplied;
}

QByteArray SessionJudge::summary() const
{
    QByteArray text;
    for (const Forwarded &forwarded : m_forwarded)
        text += "to " + QByteArray::number(qsizetype(forwarded.upstream)) + ": request "
            + QByteArray::number(forwarded.asked) + ' ' + forwarded.body.content
            + (forwarded.body.isComplete ? ".\n" : "...\n");
    for (const Told &told : m_told)
        text += QByteArray::number(told.head.status) + ' ' + told.body.content + told.tunnel
            + (told.body.isComplete ? ".\n" : "...\n");
    for (const WirePtr &wire : m_record.upstreams) {
        if (wire->isTunnel)
            text += "tunnel: " + wire->accepted + '\n';
    }
    for (const account::FinishedWork &work : m_record.finished)
        text += QByteArray("by ") + toString(work.ending.by) + ' ' + toString(work.ending.how) + ' '
            + work.ending.reason.code() + '\n';
    return text;
}

} // namespace sami::fuzzing
