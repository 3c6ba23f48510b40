// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "config/parents.h"
#include "route/dialer.h"
#include "route/failover.h"

#include <QByteArray>

#include <chrono>
#include <memory>

namespace sami::route {

class LayeredDialer;
class ParentHealth;

/// One dial of a ParentDialer: asks one parent after the other, in the order and for the time that
/// Failover gives, until a way stands or one of them has said what there is to say. Nothing of the
/// client's is sent by anybody here, so nobody gets it twice.
///
///     what becomes of a way                             then
///     it stands                                         the dial succeeds by it
///     Blame::Beyond: the destination's fault            the dial fails with that
///     Blame::Ourselves                                  the dial fails with that
///     a connection that had waited for use was dead,
///     and nothing came back over it                     the same parent over a fresh one
///     the parent's fault                                Failover says who is next
///     nobody is next                                    the dial fails: see below
///
/// The failure of all of them together:
///
///     one showed another key than the pinned one        PinMismatch: somebody else may be
///     answering credentials were refused                          ParentCredentials the direct way
///     was the last                       its own otherwise NoParent, and in words what each did
class ParentDial final : public DialOperation
{
    Q_OBJECT

public:
    ParentDial(DialRequest request, DialCallback callback, std::shared_ptr<LayeredDialer> ways,
               std::shared_ptr<ParentHealth> health);
    ~ParentDial() override;

    void start();
    void cancel() override;

private:
    void tryNext();
    void dialParent(const config::Parent &parent);
    void dialFresh();
    void handleOver(Result<Dialled, net::DialError> result);
    void handleFailed(net::DialError error);
    [[nodiscard]] net::DialError nobodyLeft() const;
    void succeed(Dialled dialled);
    void fail(net::DialError error);
    [[nodiscard]] std::chrono::milliseconds shareLeft() const;

    DialRequest m_request;
    DialCallback m_callback; ///< null once it was called
    std::shared_ptr<LayeredDialer> m_ways;
    std::shared_ptr<ParentHealth> m_health;
    Attempt m_attempt;
    const TimePoint m_started;

    // The parent whose turn it is.
    TimePoint m_turn {};
    std::chrono::milliseconds m_share {};
    size_t m_asked = 0; ///< the place of the one whose turn it is
    bool m_isOverWarm = false;
    DialPtr m_dial;

    net::DialError m_last; ///< of the parents that failed
    QByteArray m_failures; ///< what each did, in words
    bool m_wasWrongPin = false;
};

/// Whose fault a failed way is, as Failover counts it.
[[nodiscard]] Fault parentFaultOf(const net::DialError &error);

} // namespace sami::route
