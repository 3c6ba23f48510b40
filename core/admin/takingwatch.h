// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"

#include <QtGlobal>

#include <chrono>

namespace sami::admin {

/// Whether a client still takes what is being sent to it, however slowly. Only silence counts: a
/// long answer over a slow line is no reason to end it. A value; pure.
class TakingWatch
{
public:
    /// How long a client may take nothing.
    static constexpr std::chrono::seconds patience { 60 };

    /// Something was written. `undelivered` as ByteStream::undeliveredBytes() says.
    void begin(qint64 undelivered, TimePoint now)
    {
        m_undelivered = undelivered;
        m_tookAt = now;
    }
    /// Call it every few seconds. False if the client has taken nothing for too long.
    [[nodiscard]] bool goesOn(qint64 undelivered, TimePoint now)
    {
        if (undelivered < m_undelivered)
            m_tookAt = now;
        m_undelivered = undelivered;
        return now - m_tookAt < patience;
    }

private:
    qint64 m_undelivered = 0;
    TimePoint m_tookAt {};
};

} // namespace sami::admin
