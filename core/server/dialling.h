// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/ending.h"
#include "policy/decision.h"
#include "route/dialer.h"
#include "server/front.h"
#include "server/readahead.h"

#include <memory>
#include <optional>

namespace sami::server {

struct ClientLeg;

/// A session's Dial state: the way of one journey, while it is being made. Dials it, and only
/// addresses that the rules allow; meanwhile reads ahead what the client says. Let it go to give
/// up.
class Dialling
{
    Q_DISABLE_COPY_MOVE(Dialling)

public:
    /// `over` is called once, from the event loop; it may let this go.
    Dialling(Journey journey, ClientLeg &leg, route::DialCallback over);
    ~Dialling();

    /// The rule that one of its addresses met, and the one that says most if there were several.
    [[nodiscard]] const policy::Decision &refusal() const { return m_refusal; }

    /// Keeps what the client says before the way is there, within the budget of all connections.
    /// How the client ended, if that ends the journey: nobody is there for a tunnel, but a
    /// forwarded request may have been said in full.
    [[nodiscard]] std::optional<account::Ending> readAhead() { return m_ahead.read(); }

private:
    [[nodiscard]] bool passes(const QHostAddress &address);
    void prepareTrip();

    const Journey m_journey;
    ClientLeg &m_leg;
    ReadAhead m_ahead;
    policy::Decision m_refusal;
    std::unique_ptr<route::ParentTrip> m_trip; ///< where there are parents
    route::DialPtr m_dial;
};

} // namespace sami::server
