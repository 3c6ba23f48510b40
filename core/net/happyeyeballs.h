// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"

#include <QHostAddress>
#include <QList>

#include <chrono>
#include <optional>

namespace sami::net {

/// The decisions of RFC 8305 without any socket: in which order to try addresses and when to
/// start the next attempt. Pure; time is a parameter.
class HappyEyeballs
{
public:
    static constexpr std::chrono::milliseconds attemptDelay { 250 }; ///< RFC 8305 §8
    /// Deviation: RFC 8305 lets every attempt run on. A name with dozens of black holes would take
    /// as many descriptors for each dial; the oldest of so many has had two seconds.
    static constexpr int maxRunning = 8;

    /// The given order with families alternating, the first address's family first (§4).
    [[nodiscard]] static QList<QHostAddress> interleave(const QList<QHostAddress> &addresses);

    explicit HappyEyeballs(const QList<QHostAddress> &addresses);

    /// The next address to try, if one is due now: the first at once, another when attemptDelay
    /// went by since the last start or an attempt failed since. Call until it says nothing.
    [[nodiscard]] std::optional<QHostAddress> nextAttempt(TimePoint now);
    /// When nextAttempt() will be due without any failure; nothing when no address is left.
    [[nodiscard]] std::optional<TimePoint> nextDue() const;
    void attemptFailed();
    /// An attempt was given up for a newer one, which does not wait for that.
    void attemptAbandoned();
    /// One attempt has won: the others are over, no address is left.
    void attemptsOver();
    /// The name was looked up again: those of `addresses` that were not tried take the place of
    /// what was left. The first is due at once. Attempts that run stay in the race.
    void replaceUntried(const QList<QHostAddress> &addresses);
    /// No attempt is running and none is left.
    [[nodiscard]] bool isExhausted() const;

private:
    QList<QHostAddress> m_addresses;
    qsizetype m_next = 0;
    int m_running = 0;
    bool m_startAtOnce = true;
    TimePoint m_lastStart {};
};

} // namespace sami::net
