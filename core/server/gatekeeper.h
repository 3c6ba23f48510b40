// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "policy/accesspolicy.h"
#include "policy/bruteforceguard.h"
#include "policy/caller.h"

#include <QByteArray>
#include <QHostAddress>
#include <QList>

#include <mutex>
#include <optional>

namespace sami::server {

/// Who may speak: named client → client address → brute-force block → credentials, in that order.
/// Holds the one guard that all workers share; everything else it asks is immutable. Thread-safe.
class Gatekeeper
{
public:
    Gatekeeper(const policy::GuardLimits &limits, const policy::Authenticator &authenticator);

    struct Admission
    {
        policy::Decision decision;
        QByteArray user; ///< when admitted and asked
    };

    /// `credentials` are the request's Proxy-Authorization values.
    [[nodiscard]] Admission admit(const policy::AccessPolicy &policy, const policy::Caller &caller,
                                  const QList<QByteArrayView> &credentials, TimePoint now);
    /// The same for a user name and a password that came apart from each other, or not at all.
    [[nodiscard]] Admission admitPair(const policy::AccessPolicy &policy,
                                      const policy::Caller &caller,
                                      const std::optional<policy::Credentials> &pair,
                                      TimePoint now);

    /// To be called before new settings are published: lifts all blocks, forgets all counts. What
    /// was right before the credentials changed last is no guess from here on, nor is what will be
    /// right, to workers that have the old ones still.
    void renew(const policy::GuardLimits &limits, const policy::Authenticator &authenticator,
               TimePoint now);
    bool lift(const QHostAddress &client);
    [[nodiscard]] QList<policy::BruteForceGuard::Block> blocks(TimePoint now) const;

private:
    [[nodiscard]] Admission judge(const policy::Authenticator &authenticator,
                                  const QHostAddress &client, policy::Authentication given,
                                  TimePoint now);
    void learn(const policy::Authenticator &authenticator);

    mutable std::mutex m_mutex;
    /// Of the credentials that are right and of those that were before, Authenticator::asGuess().
    std::optional<quint64> m_current;
    std::optional<quint64> m_previous;
    policy::BruteForceGuard m_guard;
};

} // namespace sami::server
