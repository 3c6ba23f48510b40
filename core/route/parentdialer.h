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

/// Dials by the list of parents: each dial is a ParentDial, but for what the bypass sends direct.
/// Holds shared parts only, so all workers have the same one; made where there are parents, and
/// nowhere else.
class ParentDialer final : public Dialer
{
public:
    ParentDialer(std::shared_ptr<LayeredDialer> ways, std::shared_ptr<ParentHealth> health,
                 config::ParentSettings settings);

    /// Of the request `trip` is needed, `route` is not looked at.
    [[nodiscard]] DialPtr dial(const DialRequest &request, DialCallback callback) override;
    /// The way that a journey of now would be tried by first: that by which a connection was made
    /// that it may use in place of a new one. The direct one where there is none.
    [[nodiscard]] Route firstRoute(const Endpoint &endpoint, const QByteArray &via) const;
    /// Reaches parents and asks them nothing: for whoever keeps connections to them, or looks
    /// whether they are well. `budgets` must outlive it.
    [[nodiscard]] ParentReach reach(net::Budgets &budgets, ParentFilter filter) const;
    [[nodiscard]] const std::shared_ptr<ParentHealth> &health() const { return m_health; }
    /// Whether one of its ways has TLS in it that costs us memory.
    [[nodiscard]] bool mayUseTls(const Endpoint &endpoint) const;

private:
    std::shared_ptr<LayeredDialer> m_ways;
    std::shared_ptr<ParentHealth> m_health;
    config::ParentSettings m_settings;
    bool m_hasTls = false;
};

} // namespace sami::route
