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

/// Ends a connection without losing what was written to it. A close with unread input becomes an
/// RST that throws the reply away, and so does an RST before everything is acknowledged. What has
/// to be given up while octets are pending ends with RST: a peer that reads on must not take the
/// part for the whole.
class LingeringClose : public QObject, private StreamListener
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(LingeringClose)

public:
    enum class Mode {
        Linger, ///< flush, FIN, read and discard until the peer's end, maxDiscard or maxLinger
        ResetWhenDelivered, ///< flush, wait until the peer has acknowledged all, then RST
    };
    static constexpr std::chrono::milliseconds maxLinger { 2'000 };
    static constexpr qsizetype maxDiscard = qsizetype(2) * 1024 * 1024;
    /// How long a reader that still takes data may take; without progress maxLinger applies.
    static constexpr std::chrono::minutes maxDelivery { 10 };

    LingeringClose(StreamPtr stream, Mode mode, QObject *parent);
    ~LingeringClose() override;
    void start();
    /// Ends it now, however far it has come. Nobody is told.
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

    /// Reads what there is, and throws it away.
    void discard();
    void handleExpired();
    /// Ends it if nothing is left to wait for; for ResetWhenDelivered, looks again a little later.
    void look();
    void finish();
    void endStream();

    StreamPtr m_stream;
    Mode m_mode;
    Deadline m_deadline { this }; ///< for progress
    Deadline m_nextLook { this };
    TimePoint m_started;
    std::chrono::milliseconds m_lookInterval;
    qsizetype m_undelivered = 0; ///< when m_deadline was armed
    qsizetype m_discarded = 0;
    bool m_peerEnded = false;
};

/// May be let go in a slot of its own signal, and at any other moment: that cuts it short.
using LingeringClosePtr = LaterPtr<LingeringClose, &LingeringClose::abort>;

} // namespace sami::net
