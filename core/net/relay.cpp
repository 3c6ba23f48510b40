// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/relay.h"

#include "net/budgets.h"
#include "net/scratchbuffer.h"
#include "net/tap.h"

#include <utility>

namespace sami::net {

namespace {

/// From this size on, moving pages is cheaper than copying them twice.
constexpr qsizetype bulkyReadSize = qsizetype(16) * 1024;
/// This many in a row make a direction bulky. Text pages and model answers never get there.
constexpr quint8 bulkyReadsToSplice = 3;

Side other(Side side)
{
    return side == Side::Client ? Side::Upstream : Side::Client;
}

} // namespace

Relay::Relay(StreamPtr client, StreamPtr upstream, Traffic &traffic, Finished finished)
    : m_traffic(traffic), m_finished(std::move(finished))
{
    m_client.stream = std::move(client);
    m_upstream.stream = std::move(upstream);
}

Relay::~Relay() = default;

void Relay::start()
{
    m_state = State::Open;
    for (const Side side : { Side::Client, Side::Upstream }) {
        ByteStream *stream = leg(side).stream.get();
        stream->setListener(this);
        stream->setReadEnabled(leg(other(side)).stream->pendingBytes() == 0);
        // Events from before we listened are not repeated.
        if (!stream->isOpen() || stream->end() != StreamEnd::None) {
            QMetaObject::invokeMethod(
                &context(), [this, side] { handleReadable(side); }, Qt::QueuedConnection);
        }
    }
}

qsizetype Relay::undeliveredBytes() const
{
    qsizetype octets = 0;
    for (const Leg *leg : { &m_client, &m_upstream })
        octets += leg->stream ? leg->stream->undeliveredBytes()
            : leg->closing    ? leg->closing->undeliveredBytes()
                              : 0;
    return octets;
}

void Relay::abort()
{
    if (m_state == State::Over)
        return;
    m_state = State::Over;
    for (Leg *leg : { &m_client, &m_upstream }) {
        // A FIN would look as if the other peer had finished.
        if (leg->stream)
            leg->stream->reset();
        leg->stream.reset();
        leg->closing.reset();
    }
    m_end.reset(); // the proxy ends it, so neither peer is named
    tellOver();
}

/// One read, then back to the event loop, so that the thread's other connections get their turn.
/// The event is level-triggered: it comes again for the rest.
void Relay::handleReadable(Side side)
{
    if (m_state != State::Open && !(m_state == State::Draining && side == m_deadSide))
        return;
    Leg &source = leg(side);
    Leg &sink = leg(other(side));
    // Back-pressure: reads nothing while the other leg has octets pending.
    if (source.isReadToEnd || sink.stream->pendingBytes() > 0)
        return;
    if (source.bulkyReads >= bulkyReadsToSplice && spliceBulk(side))
        return;
    const qsizetype room = source.stream->budgets().pending.forwardingReadSize();
    char *const buffer = scratchBuffer();
    const ByteStream::ReadResult result = source.stream->read(buffer, room);
    switch (result.status) {
    case ByteStream::ReadResult::Status::WouldBlock:
        return;
    case ByteStream::ReadResult::Status::Ended:
        handleEnd(side);
        return;
    case ByteStream::ReadResult::Status::Data:
        break;
    }
    if (result.size < bulkyReadSize)
        source.bulkyReads = 0;
    else if (source.bulkyReads < bulkyReadsToSplice)
        ++source.bulkyReads;
    count(side, result.size);
    if (!sink.stream->write({ buffer, result.size })) {
        handleDead(other(side));
        return;
    }
    if (sink.stream->pendingBytes() > 0)
        source.stream->setReadEnabled(false);
}

/// False if nothing was moved: the caller must read instead.
bool Relay::spliceBulk(Side side)
{
    Leg &source = leg(side);
    Leg &sink = leg(other(side));
    const qsizetype moved = sink.stream->spliceFrom(*source.stream);
    if (moved < bulkyReadSize)
        source.bulkyReads = 0;
    if (moved == 0)
        return false;
    count(side, moved);
    if (sink.stream->pendingBytes() > 0)
        source.stream->setReadEnabled(false);
    return true;
}

void Relay::count(Side side, qsizetype bytes)
{
    const TimePoint now = Clock::now();
    if (m_tap)
        tellGap(now);
    if (side == Side::Client)
        m_traffic.countUp(bytes, now);
    else
        m_traffic.countDown(bytes, now);
}

void Relay::tellGap(TimePoint now)
{
    const Clock::duration gap = now - m_traffic.lastActivity();
    if (gap >= Tap::leastGap)
        m_tap->handleGap(gap, now);
}

void Relay::tellOver()
{
    if (m_tap)
        m_tap->handleOver(m_end, m_traffic, Clock::now());
}

void Relay::handleDrained(Side side)
{
    resume(other(side));
    if (isDelivered())
        finish();
}

void Relay::resume(Side side)
{
    const bool isWanted =
        m_state == State::Open || (m_state == State::Draining && side == m_deadSide);
    if (!isWanted || leg(side).isReadToEnd)
        return;
    leg(side).stream->setReadEnabled(true);
    // A stream that has reported its end is not reported as readable again.
    if (leg(side).stream->end() != StreamEnd::None)
        handleReadable(side);
}

/// All of `side` has been read, and passed on as far as possible.
void Relay::handleEnd(Side side)
{
    Leg &source = leg(side);
    Leg &sink = leg(other(side));
    noteEnd(side);
    source.isReadToEnd = true;
    const bool canHalfClose = source.stream->canHalfClose() && sink.stream->canHalfClose();
    if (m_state == State::Draining || source.stream->end() != StreamEnd::Fin || !canHalfClose) {
        conclude(side);
        return;
    }
    if (isDelivered())
        finish(); // closing sends both FINs
    else
        sink.stream->shutdownWrite();
}

/// Both directions ended orderly, and the kernel has everything.
bool Relay::isDelivered() const
{
    return m_state == State::Open && m_client.isReadToEnd && m_upstream.isReadToEnd
        && m_client.stream->pendingBytes() == 0 && m_upstream.stream->pendingBytes() == 0;
}

/// Nothing can be written to `side` any more, but data that had arrived from it is still passed on.
void Relay::handleDead(Side side)
{
    if (m_state == State::Draining && side != m_deadSide) {
        finish(); // nobody is left to deliver to
        return;
    }
    if (m_state != State::Open)
        return;
    noteEnd(side);
    m_state = State::Draining;
    m_deadSide = side;
    leg(other(side)).stream->setReadEnabled(false);
    if (leg(side).isReadToEnd)
        conclude(side);
    else if (leg(other(side)).stream->pendingBytes() == 0)
        resume(side);
}

/// `side` is over and read to its end: the other leg ends in the same way, after its pending
/// octets.
void Relay::conclude(Side side)
{
    const bool isOrderly = leg(side).stream->end() == StreamEnd::Fin;
    const auto mode =
        isOrderly ? LingeringClose::Mode::Linger : LingeringClose::Mode::ResetWhenDelivered;
    m_state = State::Closing;
    if (isOrderly)
        closeLeg(leg(side), LingeringClose::Mode::Linger); // its peer may still be reading
    else
        leg(side).stream.reset();
    closeLeg(leg(other(side)), mode);
}

void Relay::closeLeg(Leg &leg, LingeringClose::Mode mode)
{
    leg.stream->setListener(nullptr);
    leg.closing.reset(new LingeringClose(std::move(leg.stream), mode, TakingWatch::usualPatience));
    QObject::connect(leg.closing.get(), &LingeringClose::finished, &context(),
                     [this, &leg] { handleLegClosed(leg); });
    leg.closing->start();
}

/// Made on first use, because most relays need none. The relay is no QObject itself: each silent
/// tunnel has a relay.
QObject &Relay::context()
{
    if (!m_context)
        m_context = std::make_unique<QObject>();
    return *m_context;
}

void Relay::handleLegClosed(Leg &leg)
{
    leg.closing.reset();
    if (!m_client.closing && !m_upstream.closing)
        finish();
}

void Relay::noteEnd(Side side)
{
    if (m_end)
        return;
    const StreamEnd how = leg(side).stream->end();
    m_end = RelayEnd { side, how == StreamEnd::None ? StreamEnd::Reset : how };
}

void Relay::finish()
{
    if (std::exchange(m_state, State::Over) == State::Over)
        return;
    m_client.stream.reset();
    m_upstream.stream.reset();
    tellOver();
    m_finished(*m_end);
}

} // namespace sami::net
