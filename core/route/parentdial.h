// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "config/parents.h"
#include "net/deadline.h"
#include "route/dialer.h"
#include "route/failover.h"
#include "route/setupturns.h"

#include <QByteArray>

#include <chrono>
#include <memory>

namespace sami::route {

class LayeredDialer;
class ParentHealth;

/// One dial of a ParentDialer: asks one parent after another, in the order and for the time that
/// Failover gives, until a route stands or one of them gives a final answer. It sends nothing of
/// the client's, so no octet of the client's is sent twice.
///
///     the outcome of a route                            then
///     it stands                                         the dial succeeds
///     Blame::Beyond: the destination's fault            the dial fails with that
///     Blame::Ourselves                                  the dial fails with that
///     a warm connection was dead, and nothing           the same parent over a new connection
///     came back over it
///     the parent's fault                                Failover names the next one
///     there is no next one                              the dial fails: see below
///
/// When all of them failed:
///
///     one showed a key other than the pinned one        PinMismatch: somebody else may be
///                                                       answering
///     credentials were refused                          ParentCredentials
///     direct was the last                               its own error
///     otherwise                                         NoParent, with what each did in words
class ParentDial final : public DialOperation
{
    Q_OBJECT

public:
    ParentDial(DialRequest request, DialCallback callback, std::shared_ptr<LayeredDialer> ways,
               std::shared_ptr<ParentHealth> health);
    ~ParentDial() override;

    void start();
    void cancel() override;

protected:
    void timerEvent(QTimerEvent *event) override;

private:
    void tryNext();
    void dialParent();
    void dialFresh();
    void handleTurn();
    void setUp();
    void handleOver(Result<Dialled, net::DialError> result);
    void handleFailed(net::DialError error);
    [[nodiscard]] net::DialError nobodyLeft() const;
    void succeed(Dialled dialled);
    void fail(net::DialError error);
    [[nodiscard]] const config::Parent &parent() const;
    [[nodiscard]] std::chrono::milliseconds shareLeft() const;

    DialRequest m_request;
    DialCallback m_callback; ///< null once it has been called
    std::shared_ptr<LayeredDialer> m_ways;
    std::shared_ptr<ParentHealth> m_health;
    Attempt m_attempt;
    const TimePoint m_started;

    // The parent whose turn it is.
    size_t m_place = 0; ///< in the list
    TimePoint m_turn {};
    std::chrono::milliseconds m_share {};
    bool m_isOverWarm = false;
    SetupTurns::PlacePtr m_setup; ///< while it sets up a connection, or waits to
    net::Deadline m_wait { this };
    DialPtr m_dial;
    TimePoint m_dialledAt {}; ///< when m_dial began

    net::DialError m_last; ///< of the last parent that failed
    QByteArray m_failures; ///< what each parent did, in words
    bool m_wasWrongPin = false;
};

/// Whose fault a failed route is, in Failover's terms.
[[nodiscard]] ParentFault parentFaultOf(const net::DialError &error);

} // namespace sami::route
