// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/parents.h"
#include "route/dialer.h"
#include "route/parentreach.h"

#include <QByteArray>

#include <memory>

namespace sami::route {

class LayeredDialer;
class ParentHealth;

/// Dials by the list of parents: each dial is a ParentDial, except for what the bypass sends
/// direct. Holds only shared parts, so all workers use the same one. Exists only where there are
/// parents.
class ParentDialer final : public Dialer
{
public:
    ParentDialer(std::shared_ptr<LayeredDialer> ways, std::shared_ptr<ParentHealth> health,
                 config::ParentSettings settings);

    /// `request` needs a `trip`; its `route` is ignored.
    [[nodiscard]] DialPtr dial(const DialRequest &request, DialCallback callback) override;
    /// The route that a journey would try first now; the direct one if there is none. A kept
    /// connection by an equal route can replace a new one.
    [[nodiscard]] Route firstRoute(const Endpoint &endpoint, const QByteArray &via) const;
    /// Connects to parents without sending a request, to keep spare connections or to probe.
    /// `budgets` must outlive it.
    [[nodiscard]] ParentReach reach(net::Budgets &budgets, ParentFilter filter) const;
    [[nodiscard]] const std::shared_ptr<ParentHealth> &health() const { return m_health; }
    /// Whether one of its routes has TLS that costs us memory.
    [[nodiscard]] bool mayUseTls(const Endpoint &endpoint) const;

private:
    std::shared_ptr<LayeredDialer> m_ways;
    std::shared_ptr<ParentHealth> m_health;
    config::ParentSettings m_settings;
    bool m_hasTls = false;
};

} // namespace sami::route
