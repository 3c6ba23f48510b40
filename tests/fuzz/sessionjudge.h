// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "http/bodyframing.h"
#include "http/headparser.h"
#include "server/intake.h"
#include "sessionrun.h"

#include <QByteArray>
#include <QList>

#include <optional>

namespace sami::fuzzing {

/// A message's body, as a reader finds it in the octets after its head.
struct Body
{
    QByteArray content;
    bool isComplete = false;
    qsizetype end = 0; ///< where it ends in those octets
};
[[nodiscard]] Body readBody(const http::BodyFraming &framing, QByteArrayView octets);

/// A request that the client's octets hold and that can be read in one way only.
struct Asked
{
    server::Intake intake;
    Body body;
    QByteArrayView behindHead; ///< of the client's octets
    bool isLenient = false;    ///< a strict reader refuses it, or finds a body after it
};

/// What an upstream was asked, and what it answered.
struct Forwarded
{
    std::size_t upstream = 0;
    bool isFirst = true; ///< of its connection
    qsizetype asked = 0; ///< which request of the client's it is
    Body body;
    bool wasAnswered = false;                 ///< by anything at all
    bool wasMended = false;                   ///< a strict reader refuses one of its answer's heads
    std::optional<http::ResponseHead> answer; ///< the final one, if there is a proper one
    Body answerBody;
    QByteArray behindUpgrade; ///< what the upstream said after its 101
};

/// What the client was told in the place of one request.
struct Told
{
    http::ResponseHead head;
    bool isOwn = false; ///< by the proxy itself
    http::BodyFraming framing;
    Body body;
    QByteArray tunnel; ///< what came after a 200 to CONNECT or a 101
};

/// Judges one session by what went over its wires alone; ends the program at what must never
/// happen:
///
///   - an upstream gets anything but whole requests that the client made, each once (a retry
///   apart),
///     in their order, or the octets of a tunnel;
///   - nothing is forwarded from where the client's octets have two readings;
///   - answers come in order, one each; forwarded ones say what the upstream said;
///   - what was cut short looks complete to its reader;
///   - a client is told in two ways where an answer ends, or a request follows on a connection
///   after an answer that a strict reader refuses;
///   - a tunnel carries anything that its ends did not say;
///   - anything but a CONNECT is read leniently, or is read after the refusal of one that was;
///   - the account has more or fewer lines than there were requests.
class SessionJudge
{
public:
    explicit SessionJudge(const SessionRecord &record);
    void judge();

    /// What happened, in words that do not depend on how the octets were cut.
    [[nodiscard]] QByteArray summary() const;
    /// Whether timing alone may change what happens.
    [[nodiscard]] bool dependsOnTiming() const;

private:
    void readClient();
    void readUpstreams();
    void judgeForwarded(const http::RequestHead &head, const Forwarded &forwarded) const;
    [[nodiscard]] qsizetype readAnswer(Forwarded &forwarded, QByteArrayView said) const;
    void readTold();
    void judgeTunnelUpstream(const Wire &wire) const;
    void judgeTold(qsizetype index) const;
    void judgeForwardedAnswer(const Told &told, const Asked &asked, qsizetype index) const;
    void judgeAccount() const;
    [[nodiscard]] const Forwarded *forwardedFor(qsizetype asked) const;

    const SessionRecord &m_record;
    QList<Asked> m_asked;
    QList<Forwarded> m_forwarded;
    QList<Told> m_told;
    bool m_toldControls = false; ///< a strict reader in the client's place refuses a head
};

} // namespace sami::fuzzing
