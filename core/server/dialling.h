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

/// A session's Dial state: dials the route of one journey, over addresses that the rules allow, and
/// reads ahead what the client sends meanwhile. Destroy it to give up.
class Dialling
{
    Q_DISABLE_COPY_MOVE(Dialling)

public:
    /// `over` is called once, from the event loop; it may destroy this object.
    Dialling(Journey journey, ClientLeg &leg, route::DialCallback over);
    ~Dialling();

    /// The rule that refused an address; of several, the one that explains most.
    [[nodiscard]] const policy::Decision &refusal() const { return m_refusal; }

    /// Buffers what the client sends before the route is up, within the budget of all connections.
    /// Returns how the client ended, if that ends the journey: a tunnel then has nobody left to
    /// serve, but a forwarded request may have arrived in full.
    [[nodiscard]] std::optional<account::Ending> readAhead() { return m_ahead.read(); }

private:
    [[nodiscard]] bool passes(const QHostAddress &address);
    void prepareTrip();

    const Journey m_journey;
    ClientLeg &m_leg;
    ReadAhead m_ahead;
    policy::Decision m_refusal;
    std::unique_ptr<route::ParentTrip> m_trip; ///< set if there are parents
    route::DialPtr m_dial;
};

} // namespace sami::server
