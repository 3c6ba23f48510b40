// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"

#include <QHostAddress>
#include <QList>

#include <chrono>
#include <optional>

namespace sami::net {

/// The decisions of RFC 8305 without sockets: the order of the addresses, and when to start the
/// next attempt. Pure; time is a parameter.
class HappyEyeballs
{
public:
    static constexpr std::chrono::milliseconds attemptDelay { 250 }; ///< RFC 8305 §8
    /// Attempts at a time; the caller gives up the oldest for a new one. Deviation: RFC 8305 lets
    /// all attempts continue. A name with dozens of black holes would then take as many descriptors
    /// for each dial. With this limit the oldest attempt has had two seconds.
    static constexpr int maxRunning = 8;

    /// The given order with alternating families, beginning with the first address's family (§4).
    [[nodiscard]] static QList<QHostAddress> interleave(const QList<QHostAddress> &addresses);

    explicit HappyEyeballs(const QList<QHostAddress> &addresses);

    /// The next address to try if one is due: the first at once, another once attemptDelay has
    /// passed since the last start, or an attempt has failed since. Call until it returns nothing.
    [[nodiscard]] std::optional<QHostAddress> nextAttempt(TimePoint now);
    /// When nextAttempt() is due if no attempt fails; nothing if no address is left.
    [[nodiscard]] std::optional<TimePoint> nextDue() const;
    void attemptFailed();
    /// An attempt was given up for a newer one. That does not bring the next one forward.
    void attemptAbandoned();
    /// One attempt has won: the others are over, and no address is left.
    void attemptsOver();
    /// After another lookup of the name: replaces the untried addresses by those of `addresses`
    /// that were not tried yet. The first is due at once. Running attempts stay in the race.
    void replaceUntried(const QList<QHostAddress> &addresses);
    /// Whether no attempt is running and no address is left.
    [[nodiscard]] bool isExhausted() const;

private:
    QList<QHostAddress> m_addresses;
    qsizetype m_next = 0;
    int m_running = 0;
    bool m_startAtOnce = true;
    TimePoint m_lastStart {};
};

} // namespace sami::net
