// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/tlsstream.h"

#include "net/budgets.h"

#include <utility>

namespace sami::net {

using Outcome = TlsSession::Outcome;

TlsStream::TlsStream(StreamPtr below, std::unique_ptr<TlsSession> session,
                     std::function<void(bool)> partWatch)
    : ByteStream(below->budgets()), m_below(std::move(below)), m_session(std::move(session)),
      m_partWatch(std::move(partWatch))
{
    m_below->setListener(this);
    m_below->setReadEnabled(false);
}

TlsStream::~TlsStream()
{
    TlsStream::close();
}

ByteStream::ReadResult TlsStream::read(char *buffer, qsizetype capacity)
{
    if (!isOpen() || m_endRead)
        return { ReadResult::Status::Ended };
    qsizetype size = 0;
    Outcome outcome = Outcome::Done;
    for (int records = 0; records < recordsPerRead && size < capacity && !m_isResting; ++records) {
        if (m_endInside != StreamEnd::None || outcome == Outcome::NeedsInput || areAnswersHeld())
            break;
        const TlsSession::Step step = m_session->read(buffer + size, capacity - size);
        size += step.size;
        outcome = step.outcome;
        noteOutcome(outcome);
    }
    updateReading();
    if (size > 0 || m_endInside == StreamEnd::None) {
        if (m_readEnabled && hasBufferedInput())
            announceLater();
        return size > 0 ? ReadResult { ReadResult::Status::Data, size }
                        : ReadResult { ReadResult::Status::WouldBlock };
    }
    // An end that a write or the stream below has reported already takes precedence.
    if (m_end == StreamEnd::None)
        m_end = m_endInside;
    m_endRead = true;
    if (m_end != StreamEnd::Fin) {
        stopSending();
        m_failureTold = true; // by the return value
    }
    return { ReadResult::Status::Ended };
}

/// Handles what a reading step brought besides octets.
void TlsStream::noteOutcome(Outcome outcome)
{
    m_hasPartialRecord = outcome == Outcome::NeedsInput;
    if (m_hasPartialRecord)
        tellOfPart(m_session->hasBufferedInput());
    switch (outcome) {
    case Outcome::Done:
    case Outcome::NeedsInput:
    case Outcome::Again:
        break;
    case Outcome::Closed:
        m_endInside = StreamEnd::Fin;
        break;
    case Outcome::BelowEnded:
        m_endInside = endBelow(StreamEnd::Truncated);
        break;
    case Outcome::Failed:
        m_endInside = StreamEnd::Error;
        stopSending();
        break;
    }
    if (m_session->isOutputLost())
        noteLostOutput();
    restIfDue();
}

void TlsStream::tellOfPart(bool isThere)
{
    if (m_partWatch && std::exchange(m_isPartTold, isThere) != isThere)
        m_partWatch(isThere);
}

/// Makes the stream rest before its next batch if the peer sends OpenSSL more messages than any
/// honest peer needs.
void TlsStream::restIfDue()
{
    const qsizetype messages = m_session->messages();
    if (messages == m_messagesBefore || m_isResting || m_endInside != StreamEnd::None
        || messages <= freeMessages + m_session->received() / octetsPerMessage)
        return;
    m_messagesBefore = messages;
    m_isResting = true;
    TlsThrottle::ofThisThread().rest(*this);
    updateReading();
}

void TlsStream::endRest()
{
    m_isResting = false;
    updateReading();
    announce();
}

/// How the stream below ended; `otherwise` if it ended orderly or is open.
StreamEnd TlsStream::endBelow(StreamEnd otherwise) const
{
    const StreamEnd end = m_below->end();
    return end == StreamEnd::None || end == StreamEnd::Fin ? otherwise : end;
}

/// An answer of ours (a key update) could not be sent: the peer is gone. Its octets can still be
/// read.
void TlsStream::noteLostOutput()
{
    // After our own FIN the stream below accepts nothing, and the peer needs no answer.
    if (m_sending == Sending::Broken || m_sending == Sending::Finished)
        return;
    breakSending(endBelow(StreamEnd::Reset));
    m_failureDue = true;
    announceLater();
}

/// Looks for something to report to the reader, without taking it.
bool TlsStream::hasNews()
{
    for (int records = 0; records < recordsPerRead; ++records) {
        if (m_endInside != StreamEnd::None)
            return true;
        if (areAnswersHeld() || m_isResting)
            return false;
        const Outcome outcome = m_session->peek().outcome;
        noteOutcome(outcome);
        if (outcome == Outcome::Done)
            return !m_isResting;
        if (outcome == Outcome::NeedsInput)
            return false;
    }
    announceLater();
    return false;
}

bool TlsStream::hasBufferedInput() const
{
    return m_endInside != StreamEnd::None
        || (!m_hasPartialRecord && !m_isResting && m_session->hasBufferedInput());
}

bool TlsStream::isSilent() const
{
    return isOpen() && m_end == StreamEnd::None && m_endInside == StreamEnd::None
        && !m_session->hasBufferedInput() && m_below->isSilent();
}

bool TlsStream::write(QByteArrayView bytes)
{
    if (!isOpen() || m_sending != Sending::Open)
        return false;
    if (!m_pending.isEmpty()) {
        m_pending.append(bytes, budgets().pending);
        return true;
    }
    const TlsSession::Step step = m_session->write(bytes);
    // The write may have read more than it needed.
    if (m_readEnabled && m_session->hasBufferedInput()) {
        m_hasPartialRecord = false;
        announceLater();
    }
    const bool mustWait = step.outcome == Outcome::NeedsInput || step.outcome == Outcome::Again;
    if (m_session->isOutputLost() || (step.outcome != Outcome::Done && !mustWait)) {
        breakSending(endBelow(m_session->isOutputLost() ? StreamEnd::Reset : StreamEnd::Error));
        m_failureTold = true; // by the return value
        return false;
    }
    if (mustWait) {
        m_pending.append(bytes.sliced(step.size), budgets().pending);
        m_needsToRead = true;
        if (step.outcome == Outcome::Again)
            announceLater();
        updateReading();
    }
    return true;
}

/// Writes what had to wait for reading: octets, then the end.
void TlsStream::writePending()
{
    if (m_isResting || !std::exchange(m_needsToRead, false))
        return;
    if (m_pending.isEmpty())
        noteOutcome(m_session->peek().outcome);
    if (m_sending == Sending::Broken)
        return;
    const TlsSession::Step step = m_session->write(m_pending.view());
    const bool mustWait = step.outcome == Outcome::NeedsInput || step.outcome == Outcome::Again;
    if (m_session->isOutputLost() || (step.outcome != Outcome::Done && !mustWait)) {
        breakSending(endBelow(m_session->isOutputLost() ? StreamEnd::Reset : StreamEnd::Error));
        m_failureDue = true;
    } else if (mustWait) {
        m_pending.take(step.size);
        m_needsToRead = true;
        if (step.outcome == Outcome::Again)
            announceLater();
    } else {
        const bool hadPending = !m_pending.isEmpty();
        m_pending.clear(budgets().pending);
        if (m_sending == Sending::FinPending)
            finishSending();
        m_drainDue = m_drainDue || (hadPending && pendingBytes() == 0);
    }
    m_hasPartialRecord = false;
    updateReading();
}

qsizetype TlsStream::pendingBytes() const
{
    return m_pending.size() + m_below->pendingBytes();
}

qsizetype TlsStream::undeliveredBytes() const
{
    return isOpen() ? m_pending.size() + m_below->undeliveredBytes() : 0;
}

void TlsStream::setReadEnabled(bool enabled)
{
    m_readEnabled = enabled;
    if (!isOpen())
        return;
    updateReading();
    if (enabled && !m_endRead && hasBufferedInput())
        announceLater();
}

void TlsStream::shutdownWrite()
{
    if (!isOpen() || m_sending != Sending::Open)
        return;
    m_sending = Sending::FinPending;
    if (m_pending.isEmpty())
        finishSending();
}

void TlsStream::finishSending()
{
    // Once nothing can be read any more, FIN goes out without close_notify.
    if (!m_session->closeNotify() && m_endInside == StreamEnd::None) {
        m_needsToRead = true;
        updateReading();
        return;
    }
    m_sending = Sending::Finished;
    // FIN follows the octets pending below. handleFailed() or read() reports a peer that is gone.
    m_below->shutdownWrite();
}

bool TlsStream::canHalfClose() const
{
    return isOpen() && m_session->isTls13() && m_below->canHalfClose();
}

void TlsStream::breakSending(StreamEnd end)
{
    // Overrides an orderly end: a half-closed connection is now dead.
    if (m_end == StreamEnd::None || m_end == StreamEnd::Fin)
        m_end = end;
    stopSending();
}

void TlsStream::stopSending()
{
    m_sending = Sending::Broken;
    m_needsToRead = false;
    m_pending.clear(budgets().pending);
}

bool TlsStream::areAnswersHeld() const
{
    return m_session->answered() - m_answersTaken > answersHeld && m_below->pendingBytes() > 0;
}

/// Enables reading of the stream below if anybody needs it.
void TlsStream::updateReading()
{
    if (m_below->pendingBytes() == 0)
        m_answersTaken = m_session->answered();
    const bool isWanted = m_endInside == StreamEnd::None && (m_readEnabled || m_needsToRead)
        && !areAnswersHeld() && !m_isResting;
    if (m_below->isReadEnabled() != isWanted)
        m_below->setReadEnabled(isWanted);
}

void TlsStream::handleReadable(ByteStream &)
{
    if (isOpen())
        announce();
}

void TlsStream::handleDrained(ByteStream &)
{
    if (!isOpen())
        return;
    updateReading();
    m_drainDue = m_drainDue || m_pending.isEmpty();
    announce();
}

void TlsStream::handleFailed(ByteStream &)
{
    if (!isOpen())
        return;
    breakSending(endBelow(StreamEnd::Error));
    m_failureDue = true;
    updateReading();
    announce();
}

void TlsStream::announceLater()
{
    // Queued: the listener is never called from inside a call of the stream.
    if (!std::exchange(m_announcing, true))
        QMetaObject::invokeMethod(
            this,
            [this] {
                m_announcing = false;
                if (isOpen())
                    announce();
            },
            Qt::QueuedConnection);
}

void TlsStream::leaveThrottle()
{
    if (std::exchange(m_isResting, false))
        TlsThrottle::ofThisThread().leave(*this);
}

/// Called from the event loop. The listener may release us in each of its calls: we are closed
/// then, and freed later.
void TlsStream::announce()
{
    writePending();
    const bool isFailureDue = std::exchange(m_failureDue, false);
    if (isFailureDue && !std::exchange(m_failureTold, true))
        notifyFailed();
    if (isOpen() && std::exchange(m_drainDue, false))
        notifyDrained();
    if (!isOpen() || !m_readEnabled || m_endRead)
        return;
    const bool isNews = hasNews();
    updateReading();
    if (!isNews)
        return;
    notifyReadable();
    // Level-triggered: nobody else reports what the session still holds.
    if (isOpen() && m_readEnabled && !m_endRead && hasBufferedInput())
        announceLater();
}

void TlsStream::close()
{
    if (!isOpen())
        return;
    if (m_sending == Sending::Open && pendingBytes() == 0) {
        // Unread data, even a ticket, would make the kernel send RST, and the peer could lose our
        // last octets.
        if (m_endInside == StreamEnd::None)
            m_session->drain();
        static_cast<void>(m_session->closeNotify());
    }
    m_below->close();
    leaveThrottle();
    m_pending.clear(budgets().pending);
    m_session.reset();
}

void TlsStream::reset()
{
    if (!isOpen())
        return;
    m_below->reset();
    leaveThrottle();
    m_pending.clear(budgets().pending);
    m_session.reset();
}

SocketAddress TlsStream::localAddress() const
{
    return m_below->localAddress();
}

SocketAddress TlsStream::peerAddress() const
{
    return m_below->peerAddress();
}

void TlsStream::setTcpKeepalive(int idleSeconds)
{
    m_below->setTcpKeepalive(idleSeconds);
}

} // namespace sami::net
