// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/drain.h"

#include <algorithm>

namespace sami::server {

Drain::Drain(TimePoint began, std::optional<std::chrono::milliseconds> grace)
    : m_began(began), m_lastReport(began), m_grace(grace)
{}

Drain::Look Drain::look(const account::Snapshot &current, TimePoint now)
{
    Look look;
    for (const account::ConnectionSnapshot &row : current.connections) {
        if (row.phase == account::ConnectionPhase::AwaitingRequest)
            continue;
        ++look.busy;
        // Not the totals' tunnels: they were counted at another moment.
        look.tunnels += row.phase == account::ConnectionPhase::Tunnel;
        look.oldest = std::max(look.oldest, row.age);
    }
    look.requests = look.busy - look.tunnels;
    if (look.busy == 0) {
        look.decision = Decision::Finish;
    } else if (m_grace && now - m_began >= *m_grace) {
        look.decision = Decision::Cut;
    } else if (now - m_lastReport >= reportInterval) {
        look.decision = Decision::Report;
        m_lastReport = now;
    }
    return look;
}

} // namespace sami::server
