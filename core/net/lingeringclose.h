// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "net/bytestream.h"
#include "net/deadline.h"
#include "net/later.h"
#include "net/takingwatch.h"

#include <QObject>

#include <chrono>

namespace sami::net {

/// Closes a connection without losing what was written to it. Two things would lose it: the RST
/// that close() sends if input is unread, and an RST of ours before everything is acknowledged. A
/// peer that reads slowly, or pauses, gets everything too. If this gives up while octets are
/// pending, it ends with RST, so that the peer does not take a part for the whole.
class LingeringClose : public QObject, private StreamListener
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(LingeringClose)

public:
    enum class Mode {
        Linger,             ///< flush, FIN, then read and discard until the peer's end or maxLinger
        ResetWhenDelivered, ///< flush, wait until the peer has acknowledged everything, then RST
    };
    /// How long a peer that has everything may go on sending.
    static constexpr std::chrono::milliseconds maxLinger { 2'000 };
    /// What is read in that time; a peer that sends more has to wait.
    static constexpr qsizetype maxDiscard = qsizetype(2) * 1024 * 1024;

    /// `patience`: how long the peer may go without taking anything that waits for it. A peer that
    /// keeps taking some gets everything.
    LingeringClose(StreamPtr stream, Mode mode, std::chrono::milliseconds patience,
                   QObject *parent = nullptr);
    ~LingeringClose() override;
    void start();
    [[nodiscard]] qsizetype undeliveredBytes() const
    {
        return m_stream ? m_stream->undeliveredBytes() : 0;
    }
    /// Ends it now, whatever its state, without a signal.
    void abort();

Q_SIGNALS:
    /// The stream is closed. Emitted once, from the event loop.
    void finished();

protected:
    void timerEvent(QTimerEvent *event) override;

private:
    void handleReadable(ByteStream &) override { discard(); }
    void handleDrained(ByteStream &) override { look(); }
    void handleFailed(ByteStream &) override { finish(); }

    /// Reads what is available and discards it.
    void discard();
    void handleExpired();
    /// Finishes if nothing is left to wait for. If not, ResetWhenDelivered looks again later;
    /// Linger waits for the stream's events.
    void look();
    void finish();
    void endStream();

    StreamPtr m_stream;
    Mode m_mode;
    const std::chrono::milliseconds m_patience;
    Deadline m_deadline { this };
    Deadline m_nextLook { this };
    TimePoint m_started;
    std::chrono::milliseconds m_lookInterval;
    TakingWatch m_taking;
    qsizetype m_discarded = 0;
    bool m_isDelivered = false; ///< the peer has everything; m_deadline bounds the lingering
    bool m_peerEnded = false;
};

/// May be released in a slot of its own signal, and at any other moment; that aborts it.
using LingeringClosePtr = LaterPtr<LingeringClose, disconnectAll, &LingeringClose::abort>;

} // namespace sami::net
