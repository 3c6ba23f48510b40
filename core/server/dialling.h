// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "net/dialer.h"
#include "policy/decision.h"
#include "server/front.h"

namespace sami::server {

struct ClientLeg;

/// The way of one journey, while it is being made: dials it, and only addresses that the rules
/// allow. Let it go to give up.
class Dialling
{
    Q_DISABLE_COPY_MOVE(Dialling)

public:
    /// `over` is called once, from the event loop; it may let this go.
    Dialling(Journey journey, const ClientLeg &leg, net::DialCallback over);
    ~Dialling();

    [[nodiscard]] const Journey &journey() const { return m_journey; }
    /// The rule that one of its addresses met, and the one that says most if there were several.
    [[nodiscard]] const policy::Decision &refusal() const { return m_refusal; }

private:
    [[nodiscard]] bool passes(const QHostAddress &address);

    const Journey m_journey;
    const ClientLeg &m_leg;
    policy::Decision m_refusal;
    net::DialPtr m_dial;
};

} // namespace sami::server
