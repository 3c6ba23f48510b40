// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "net/bytestream.h"
#include "net/lingeringclose.h"
#include "net/traffic.h"

#include <QObject>

#include <functional>
#include <optional>

namespace sami::net {

class Tap;

enum class Side : quint8 { Client, Upstream };

[[nodiscard]] constexpr const char *toString(Side side)
{
    return side == Side::Client ? "client" : "upstream";
}

/// Who ended a tunnel first, and how.
struct RelayEnd
{
    Side by = Side::Client;
    StreamEnd how = StreamEnd::Fin;
};

/// Copies octets both ways between two standing streams until both directions are over: FIN goes
/// through as FIN with the other direction still open, RST as RST behind what was delivered.
/// Back-pressure: a leg is read only while the other has nothing pending. No buffer of its own:
/// one scratch buffer per thread serves all relays, so an idle tunnel costs two streams and this.
/// A direction that proves bulky is spliced inside the kernel where the streams can.
///
/// | a leg…                               | the other leg gets, after what had arrived     |
/// |--------------------------------------|------------------------------------------------|
/// | ends with FIN, both can half-close   | FIN; its own direction goes on until its end   |
/// | ends with FIN, one cannot half-close | FIN and a lingering close, and so does the one |
/// | ends by RST, or a write to it fails  | RST, once all is acknowledged                  |
/// | stops answering, or another error    | the same RST, so that the truncation shows     |
class Relay : public QObject, private StreamListener
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Relay)

public:
    /// Told once, from the event loop: both legs are closed and everything that could be delivered
    /// was. May let the relay go by LaterPtr. A signal would cost each tunnel 300 octets.
    using Finished = std::function<void(const RelayEnd &)>;

    /// `traffic` must outlive the relay. What was written to the streams before goes out first.
    Relay(StreamPtr client, StreamPtr upstream, Traffic &traffic, Finished finished);
    ~Relay() override;

    /// Who hears of totals and ends beside `traffic`; must outlive the relay. Nobody at birth.
    void setTap(Tap &tap) { m_tap = &tap; }
    void start();
    /// What neither peer has acknowledged of what the other sent.
    [[nodiscard]] qsizetype undeliveredBytes() const;
    /// Ends both legs now, with RST: silence, drain or an operator's order. Nobody is told.
    void abort();

private:
    enum class State : quint8 {
        Idle,     ///< not started
        Open,     ///< both legs live, one of their directions may be over
        Draining, ///< m_dead is gone; what it left behind goes to the other leg
        Closing,  ///< LingeringClose has what is left to close
        Over,
    };

    struct Leg
    {
        StreamPtr stream;
        LingeringClosePtr closing; ///< has the stream then
        bool isReadToEnd = false;
        quint8 bulkyReads = 0; ///< in a row
    };

    void handleReadable(ByteStream &stream) override { handleReadable(sideOf(stream)); }
    void handleDrained(ByteStream &stream) override { handleDrained(sideOf(stream)); }
    void handleFailed(ByteStream &stream) override { handleDead(sideOf(stream)); }

    void handleReadable(Side side);
    [[nodiscard]] bool spliceBulk(Side side);
    void count(Side side, qsizetype bytes);
    void tellGap(TimePoint now);
    void tellOver();
    void handleDrained(Side side);
    void handleEnd(Side side);
    void handleDead(Side side);
    void resume(Side side);
    void conclude(Side side);
    void closeLeg(Leg &leg, LingeringClose::Mode mode);
    void handleLegClosed(Leg &leg);
    void noteEnd(Side side);
    [[nodiscard]] bool isDelivered() const;
    void finish();
    [[nodiscard]] Leg &leg(Side side) { return side == Side::Client ? m_client : m_upstream; }
    [[nodiscard]] Side sideOf(const ByteStream &stream) const
    {
        return &stream == m_client.stream.get() ? Side::Client : Side::Upstream;
    }

    Leg m_client;
    Leg m_upstream;
    Traffic &m_traffic;
    Finished m_finished;
    Tap *m_tap = nullptr;
    State m_state = State::Idle;
    Side m_dead = Side::Client;
    std::optional<RelayEnd> m_end; ///< the first
};

} // namespace sami::net
