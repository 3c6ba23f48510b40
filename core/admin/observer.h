// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/changes.h"
#include "admin/coarsetraffic.h"
#include "admin/facts.h"
#include "base/clock.h"

#include <QList>

#include <chrono>
#include <functional>
#include <vector>

namespace sami::admin {

/// What came of one question to the engine.
struct Observation
{
    account::Changes changes;
    Facts facts;
};

/// What the admin server knows of the proxy, brought up to date when somebody asks, by differences
/// (Engine::since()). Several who ask meanwhile share one question; one that is a tenth of a second
/// old serves all. Nothing is asked while nobody asks, and what is known is let go after a minute
/// of that. Belongs to the house, in its thread.
class Observer
{
public:
    static constexpr std::chrono::milliseconds goodFor { 100 };
    static constexpr std::chrono::minutes keptFor { 1 };
    static constexpr qsizetype maxFinished = 1'000; ///< as many as the engine remembers

    /// `ask` leads to take(), from the event loop, or never: then nobody hears of anything.
    using Ask = std::function<void(quint64 revision)>;
    explicit Observer(Ask ask);

    /// Calls `then` when what is known is of now: at once, or in take().
    void observe(TimePoint now, std::function<void()> then);
    void take(const Observation &observation, WallTime wallNow);
    /// Lets what is known go, if nobody has asked for long.
    void tidy(TimePoint now);

    [[nodiscard]] const account::Snapshot &seen() const { return m_seen; } ///< coarse
    [[nodiscard]] const QList<account::FinishedWork> &finished() const { return m_finished; }
    [[nodiscard]] const account::Picture &picture() const { return m_picture; }
    [[nodiscard]] const Facts &facts() const { return m_facts; }
    [[nodiscard]] const Pulse &pulse() const { return m_pulse; }
    /// As a tracker of differences wants it; `finished` and `refusals` are numbers of our own.
    [[nodiscard]] account::ChangeTracker::Sight sight() const;
    /// The number of the last finished work, counted here; rows are those before it.
    [[nodiscard]] quint64 finishedCount() const { return m_finishedCount; }

private:
    void takeFinished(const account::Changes &changes);

    Ask m_ask;
    std::vector<std::function<void()>> m_waiting;
    bool m_isAsking = false;
    TimePoint m_takenAt {};
    TimePoint m_askedAt {};
    account::Picture m_picture;
    account::Snapshot m_seen;
    CoarseTraffic m_coarse;
    QList<account::FinishedWork> m_finished; ///< oldest first
    quint64 m_finishedCount = 0;
    quint64 m_refusalChanges = 0;
    Facts m_facts;
    Pulse m_pulse;
};

} // namespace sami::admin
