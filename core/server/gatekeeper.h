// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "policy/accesspolicy.h"
#include "policy/bruteforceguard.h"

#include <QByteArray>
#include <QHostAddress>
#include <QList>

#include <mutex>

namespace sami::server {

/// Who may speak: client address → brute-force block → credentials, in that order. Holds the one
/// guard that all workers share; everything else it asks is immutable. Thread-safe.
class Gatekeeper
{
public:
    explicit Gatekeeper(const policy::GuardLimits &limits);

    struct Admission
    {
        policy::Decision decision;
        QByteArray user; ///< when admitted and asked
    };

    /// `credentials` are the request's Proxy-Authorization values.
    [[nodiscard]] Admission admit(const policy::AccessPolicy &policy, const QHostAddress &client,
                                  const QList<QByteArrayView> &credentials, TimePoint now);

    void setLimits(const policy::GuardLimits &limits);
    bool lift(const QHostAddress &client);
    [[nodiscard]] QList<policy::BruteForceGuard::Block> blocks(TimePoint now) const;

private:
    mutable std::mutex m_mutex;
    policy::BruteForceGuard m_guard;
};

} // namespace sami::server
