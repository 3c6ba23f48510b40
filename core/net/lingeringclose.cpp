// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/lingeringclose.h"

#include "net/scratchbuffer.h"
#include "net/tcpoptions.h"

#include <algorithm>
#include <utility>

namespace sami::net {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds firstLook = 5ms;
constexpr std::chrono::milliseconds longestLookInterval = 100ms;
// Time for delivery where the system does not report what the peer has acknowledged.
constexpr std::chrono::milliseconds blindDelivery = 1s;

} // namespace

LingeringClose::LingeringClose(StreamPtr stream, Mode mode, std::chrono::milliseconds patience,
                               QObject *parent)
    : QObject(parent), m_stream(std::move(stream)), m_mode(mode), m_patience(patience),
      m_lookInterval(firstLook)
{}

void LingeringClose::timerEvent(QTimerEvent *event)
{
    if (m_deadline.takeExpiry(*event))
        handleExpired();
    else if (m_nextLook.takeExpiry(*event))
        look();
}

LingeringClose::~LingeringClose()
{
    abort();
}

void LingeringClose::start()
{
    m_started = Clock::now();
    m_stream->setListener(this);
    const auto wait = m_taking.begin(undeliveredBytes(), m_patience);
    m_isDelivered = !wait;
    m_deadline.arm(wait.value_or(maxLinger));
    if (m_mode == Mode::Linger)
        m_stream->shutdownWrite();
    m_stream->setReadEnabled(m_mode == Mode::Linger);
    m_nextLook.arm(0ms);
}

void LingeringClose::discard()
{
    const ByteStream::ReadResult result = m_stream->read(scratchBuffer(), scratchSize);
    switch (result.status) {
    case ByteStream::ReadResult::Status::Data:
        m_discarded += result.size;
        // Closing now would send RST, which could overtake what the peer has not read yet. So this
        // only stops reading, and the deadline ends it.
        if (m_discarded > maxDiscard)
            m_stream->setReadEnabled(false);
        return;
    case ByteStream::ReadResult::Status::WouldBlock:
        return;
    case ByteStream::ReadResult::Status::Ended:
        m_peerEnded = true;
        look();
        return;
    }
}

void LingeringClose::look()
{
    if (!m_stream)
        return;
    const StreamEnd end = m_stream->end();
    const bool isDead = !m_stream->isOpen() || (end != StreamEnd::None && end != StreamEnd::Fin);
    if (m_mode == Mode::Linger) {
        // Somebody may have read the end before the stream came here; it is not reported again.
        if (!m_peerEnded && end != StreamEnd::None)
            discard();
        else if (isDead || (m_peerEnded && m_stream->pendingBytes() == 0))
            finish();
        return;
    }
    const bool isBlind = !tellsUnacknowledgedBytes() && Clock::now() - m_started < blindDelivery;
    if (isDead || (m_stream->undeliveredBytes() == 0 && !isBlind)) {
        finish();
        return;
    }
    // The kernel sends no event once everything is acknowledged.
    m_nextLook.arm(m_lookInterval);
    m_lookInterval = std::min(m_lookInterval * 2, longestLookInterval);
}

void LingeringClose::handleExpired()
{
    const qsizetype undelivered = undeliveredBytes();
    const auto wait = m_isDelivered ? std::nullopt : m_taking.look(undelivered);
    if (wait)
        m_deadline.arm(*wait);
    else if (undelivered == 0 && !std::exchange(m_isDelivered, true))
        m_deadline.arm(maxLinger);
    else
        finish();
}

void LingeringClose::finish()
{
    if (!m_stream)
        return;
    abort();
    Q_EMIT finished();
}

void LingeringClose::abort()
{
    m_deadline.cancel();
    m_nextLook.cancel();
    if (m_stream)
        endStream();
}

void LingeringClose::endStream()
{
    // If closing loses octets, a FIN would make the part that was sent look complete.
    if (m_mode == Mode::ResetWhenDelivered || m_stream->pendingBytes() > 0)
        m_stream->reset();
    m_stream.reset();
}

} // namespace sami::net
