// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "net/bytestream.h"
#include "net/deadline.h"
#include "net/later.h"

#include <QObject>

#include <chrono>

namespace sami::net {

/// Closes a connection without losing what was written to it. Two things would lose it: the RST
/// that close() sends if input is unread, and an RST of ours before everything is acknowledged. If
/// it gives up while octets are pending, it ends with RST, so that the peer does not take a part
/// for the whole.
class LingeringClose : public QObject, private StreamListener
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(LingeringClose)

public:
    enum class Mode {
        Linger, ///< flush, FIN, then read and discard until the peer's end, maxDiscard or maxLinger
        ResetWhenDelivered, ///< flush, wait until the peer has acknowledged everything, then RST
    };
    static constexpr std::chrono::milliseconds maxLinger { 2'000 };
    static constexpr qsizetype maxDiscard = qsizetype(2) * 1024 * 1024;
    /// The limit while the peer still takes data; maxLinger is the limit without progress.
    static constexpr std::chrono::minutes maxDelivery { 10 };

    LingeringClose(StreamPtr stream, Mode mode, QObject *parent);
    ~LingeringClose() override;
    void start();
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
    Deadline m_deadline { this }; ///< armed again only after progress
    Deadline m_nextLook { this };
    TimePoint m_started;
    std::chrono::milliseconds m_lookInterval;
    qsizetype m_undelivered = 0; ///< when m_deadline was armed
    qsizetype m_discarded = 0;
    bool m_peerEnded = false;
};

/// May be released in a slot of its own signal, and at any other moment; that aborts it.
using LingeringClosePtr = LaterPtr<LingeringClose, disconnectAll, &LingeringClose::abort>;

} // namespace sami::net
