// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/snapshot.h"
#include "base/clock.h"

#include <chrono>
#include <optional>

namespace sami::server {

/// Decides how a drain proceeds. Pure; time is a parameter. Owned by the running proxy. A
/// connection is busy unless it awaits a request.
///
/// | busy connections | grace time | since the last report | decision |
/// |------------------|------------|-----------------------|----------|
/// | none             | any        | any                   | Finish   |
/// | some             | over       | any                   | Cut      |
/// | some             | runs; none | 2 s or more           | Report   |
/// | some             | runs; none | less                  | Wait     |
///
/// "runs; none": the grace time still runs, or there is no grace time.
class Drain
{
public:
    /// How often the log says what the drain is waiting for.
    static constexpr std::chrono::seconds reportInterval { 2 };

    enum class Decision { Wait, Report, Finish, Cut };

    struct Look
    {
        Decision decision = Decision::Wait;
        qint64 busy = 0;
        qint64 tunnels = 0;
        qint64 requests = 0;
        Clock::duration oldest {}; ///< age of the oldest busy connection
    };

    /// No grace time means no limit.
    Drain(TimePoint began, std::optional<std::chrono::milliseconds> grace);

    [[nodiscard]] Look look(const account::Snapshot &current, TimePoint now);

private:
    TimePoint m_began;
    TimePoint m_lastReport;
    std::optional<std::chrono::milliseconds> m_grace;
};

} // namespace sami::server
