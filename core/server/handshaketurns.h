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

/// Schedules a worker's TLS handshakes within door::HandshakeBounds: a session that has octets for
/// a step asks, and gets FrontEvent::Continue when it may take the step. Between two turns the
/// event loop serves everybody else. Steps of handshakes under way come before new handshakes: they
/// are cheaper, and finishing them frees memory. Owned by the worker, in its thread.
class HandshakeTurns : public QObject
{
    Q_DISABLE_COPY_MOVE(HandshakeTurns)

public:
    explicit HandshakeTurns(QObject *parent);
    ~HandshakeTurns() override;

    /// One connection's share of the turns, from its first step until it is destroyed.
    class Claim
    {
        Q_DISABLE_COPY_MOVE(Claim)

    public:
        /// `session` receives the events.
        Claim(HandshakeTurns &turns, quint64 id, const QHostAddress &client, QObject *session);
        ~Claim();

        /// Asks for a turn: call it once for each step.
        void askForTurn();
        /// The step is done and the client has to answer. The handshake may now have to give way to
        /// others of its address; it then gets FrontEvent::DeadlineExpired.
        void stepDone();

    private:
        HandshakeTurns &m_turns;
        const quint64 m_id;
        const QHostAddress m_client;
        bool m_hasAsked = false;
    };

private:
    [[nodiscard]] std::optional<quint64> next(TimePoint now);
    void run();
    void schedule(TimePoint now);
    void tell(quint64 id, FrontEvent event);

    door::HandshakeBounds m_bounds;
    QHash<quint64, QObject *> m_sessions;
    std::deque<quint64> m_furtherSteps; ///< under way, and ready for a further step
    QTimer m_timer { this };
    TimePoint m_restsUntil {};
};

} // namespace sami::server
