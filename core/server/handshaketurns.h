// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "door/handshakebounds.h"
#include "server/front.h"

#include <QHash>
#include <QHostAddress>
#include <QObject>
#include <QTimer>

#include <deque>

namespace sami::server {

/// Gives a worker's TLS handshakes their turns, within door::HandshakeBounds: a session that has
/// octets for a step asks, and hears FrontEvent::Continue when it may take it. Between two turns
/// the event loop serves everybody else. Steps of handshakes that are under way come before new
/// ones: they are cheaper, and end what holds memory. Owned by the worker, in its thread.
class HandshakeTurns : public QObject
{
    Q_DISABLE_COPY_MOVE(HandshakeTurns)

public:
    explicit HandshakeTurns(QObject *parent);
    ~HandshakeTurns() override;

    /// One connection's part in it, from its first wish until it dies.
    class Claim
    {
        Q_DISABLE_COPY_MOVE(Claim)

    public:
        /// `session` is who hears.
        Claim(HandshakeTurns &turns, quint64 id, const QHostAddress &client, QObject *session);
        ~Claim();

        /// It has something for a step: once for each step.
        void want();
        /// The step is done, and the client is to speak next. It may have to give way to others of
        /// its address then, and hears FrontEvent::DeadlineExpired.
        void answered();

    private:
        HandshakeTurns &m_turns;
        const quint64 m_id;
        const QHostAddress m_client;
        bool m_isAsked = false;
    };

private:
    [[nodiscard]] std::optional<quint64> next(TimePoint now);
    void run();
    void schedule(TimePoint now);
    void tell(quint64 id, FrontEvent event);

    door::HandshakeBounds m_bounds;
    QHash<quint64, QObject *> m_sessions;
    std::deque<quint64> m_further; ///< under way, with something for a further step
    QTimer m_timer { this };
    TimePoint m_restsUntil {};
};

} // namespace sami::server
