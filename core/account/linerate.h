// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"

#include <QtGlobal>

#include <chrono>
#include <mutex>
#include <utility>

namespace sami::account {

/// Bounds the log lines that anybody can cause without a password, such as those of connections
/// that got no session. One now and then is worth reading; thousands a second are an attack, whose
/// lines would fill the disk and push others out of the log's queue. Counts what it leaves out.
/// Thread-safe; time is a parameter.
class LineRate
{
public:
    static constexpr int linesPerSecond = 20;

    /// Whether there may be one more line now. If not, counts it as left out.
    [[nodiscard]] bool takeLine(TimePoint now)
    {
        const std::lock_guard lock(m_mutex);
        if (now - m_began >= std::chrono::seconds(1)) {
            m_began = now;
            m_written = 0;
        }
        if (m_written < linesPerSecond) {
            ++m_written;
            return true;
        }
        ++m_leftOut;
        return false;
    }

    /// How many were left out since the last call.
    [[nodiscard]] quint64 takeLeftOut()
    {
        const std::lock_guard lock(m_mutex);
        return std::exchange(m_leftOut, 0);
    }

private:
    std::mutex m_mutex;
    TimePoint m_began {};
    int m_written = 0;
    quint64 m_leftOut = 0;
};

} // namespace sami::account
