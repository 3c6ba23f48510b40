// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "net/bytestream.h"
#include "net/lingeringclose.h"
#include "net/traffic.h"

#include <QObject>

#include <functional>
#include <memory>
#include <optional>

namespace sami::net {

class Tap;

enum class Side : quint8 { Client, Upstream };

[[nodiscard]] constexpr const char *toString(Side side)
{
    return side == Side::Client ? "client" : "upstream";
}

/// Which side ended a tunnel first, and how.
struct RelayEnd
{
    Side by = Side::Client;
    StreamEnd how = StreamEnd::Fin;
};

/// Copies octets both ways between two connected streams until both directions are over. A FIN is
/// passed on as FIN, and the other direction stays open. An RST is passed on as RST, once
/// everything before it is delivered. Back-pressure: a leg is read only while the other has nothing
/// pending. A relay has no buffer: all relays of a thread share one, so an idle tunnel costs two
/// streams and this object. A bulky direction is spliced within the kernel if the streams can.
///
/// | a leg…                               | the other leg gets, after what had arrived      |
/// |--------------------------------------|-------------------------------------------------|
/// | ends with FIN, both can half-close   | FIN; its own direction continues until its end  |
/// | ends with FIN, one cannot half-close | FIN and a lingering close, like the first leg   |
/// | ends by RST, or a write to it fails  | RST, once all is acknowledged                   |
/// | stops answering, or another error    | RST in the same way: the truncation must show   |
class Relay final : private StreamListener
{
    Q_DISABLE_COPY_MOVE(Relay)

public:
    /// Called once, from the event loop, when both legs are closed and everything deliverable was
    /// delivered. May release the relay by LaterPtr. A signal would cost each tunnel 300 octets.
    using Finished = std::function<void(const RelayEnd &)>;

    /// `traffic` must outlive the relay. Octets already written to the streams go out first.
    Relay(StreamPtr client, StreamPtr upstream, Traffic &traffic, Finished finished);
    ~Relay();

    /// Receives totals and ends in addition to `traffic`; must outlive the relay. None at first.
    void setTap(Tap &tap) { m_tap = &tap; }
    void start();
    /// Octets from either peer that the other has not acknowledged, also while the legs close.
    [[nodiscard]] qsizetype undeliveredBytes() const;
    /// Ends both legs now, and does not call Finished (silence, drain, or an operator's order).
    /// Open legs get RST; closing ones end as LingeringClose::abort() does.
    void abort();

private:
    enum class State : quint8 {
        Idle,     ///< not started
        Open,     ///< both legs live; one direction may be over
        Draining, ///< m_deadSide is gone; its remaining data goes to the other leg
        Closing,  ///< LingeringClose handles the remaining legs
        Over,
    };

    struct Leg
    {
        StreamPtr stream;
        LingeringClosePtr closing; ///< owns the stream while closing
        bool isReadToEnd = false;
        quint8 bulkyReads = 0; ///< consecutive
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
    [[nodiscard]] QObject &context();
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
    Side m_deadSide = Side::Client;
    std::optional<RelayEnd> m_end;      ///< the first end
    std::unique_ptr<QObject> m_context; ///< of queued calls and connections; see context()
};

} // namespace sami::net
