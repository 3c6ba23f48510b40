// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/happyeyeballs.h"

namespace sami::net {

QList<QHostAddress> HappyEyeballs::interleave(const QList<QHostAddress> &addresses)
{
    if (addresses.size() <= 1)
        return addresses;
    QList<QHostAddress> preferred;
    QList<QHostAddress> others;
    for (const QHostAddress &address : addresses) {
        const bool isPreferred = address.protocol() == addresses.first().protocol();
        (isPreferred ? preferred : others).append(address);
    }
    // RFC 8305 §4: one address of each family in turn ("First Address Family Count" is 1), then the
    // rest of the longer list.
    QList<QHostAddress> result;
    result.reserve(addresses.size());
    for (qsizetype i = 0; i < qMax(preferred.size(), others.size()); ++i) {
        if (i < preferred.size())
            result.append(preferred.at(i));
        if (i < others.size())
            result.append(others.at(i));
    }
    return result;
}

HappyEyeballs::HappyEyeballs(const QList<QHostAddress> &addresses)
    : m_addresses(interleave(addresses))
{}

std::optional<QHostAddress> HappyEyeballs::nextAttempt(TimePoint now)
{
    if (m_next >= m_addresses.size())
        return std::nullopt;
    if (!m_startAtOnce && now - m_lastStart < attemptDelay)
        return std::nullopt;
    m_startAtOnce = false;
    m_lastStart = now;
    ++m_running;
    return m_addresses.at(m_next++);
}

std::optional<TimePoint> HappyEyeballs::nextDue() const
{
    if (m_next >= m_addresses.size())
        return std::nullopt;
    return m_startAtOnce ? m_lastStart : m_lastStart + attemptDelay;
}

void HappyEyeballs::attemptFailed()
{
    Q_ASSERT(m_running > 0);
    --m_running;
    m_startAtOnce = true;
}

void HappyEyeballs::attemptAbandoned()
{
    Q_ASSERT(m_running > 0);
    --m_running;
}

void HappyEyeballs::attemptsOver()
{
    m_running = 0;
    m_next = m_addresses.size();
}

void HappyEyeballs::replaceUntried(const QList<QHostAddress> &addresses)
{
    m_addresses.resize(m_next);
    QList<QHostAddress> untried;
    for (const QHostAddress &address : addresses) {
        if (!m_addresses.contains(address))
            untried.append(address);
    }
    m_addresses.append(interleave(untried));
    m_startAtOnce = true;
}

bool HappyEyeballs::isExhausted() const
{
    return m_running == 0 && m_next >= m_addresses.size();
}

} // namespace sami::net
