// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/changes.h"
#include "admin/coarsetraffic.h"
#include "admin/facts.h"
#include "base/clock.h"
#include "users/roster.h"

#include <QList>

#include <chrono>
#include <functional>
#include <vector>

namespace sami::admin {

/// The answer to one question to the engine.
struct Observation
{
    account::Changes changes;
    Facts facts;
    users::RosterPtr users; ///< null: no users file
};

/// The admin server's knowledge of the proxy, updated on demand by changes (Engine::since()).
/// Simultaneous askers share one question; an answer is good for all of them for a tenth of a
/// second. While nobody asks it, it does not ask the engine, and it drops its state after a minute.
/// Owned by the house, in its thread.
class Observer
{
public:
    static constexpr std::chrono::milliseconds goodFor { 100 };
    static constexpr std::chrono::minutes keptFor { 1 };
    static constexpr qsizetype maxFinished = 1'000; ///< as many as the engine remembers

    /// `ask` leads to a call of take() from the event loop. If it never does, no callback is
    /// called.
    using Ask = std::function<void(quint64 revision)>;
    explicit Observer(Ask ask);

    /// Calls `then` once the state is up to date: at once, or in take().
    void observe(TimePoint now, std::function<void()> then);
    void take(const Observation &observation, WallTime wallNow);
    /// Drops the state if nobody has asked for a while.
    void tidy(TimePoint now);

    [[nodiscard]] const account::Snapshot &seen() const { return m_seen; } ///< coarse
    [[nodiscard]] const QList<account::FinishedWork> &finished() const { return m_finished; }
    [[nodiscard]] const account::Picture &picture() const { return m_picture; }
    [[nodiscard]] const Facts &facts() const { return m_facts; }
    /// The users who are let in; null: there is no users file.
    [[nodiscard]] const users::RosterPtr &users() const { return m_users; }
    [[nodiscard]] const LiveStatus &liveStatus() const { return m_liveStatus; }
    /// As input for a ChangeTracker; `finished` and `refusals` are our own numbers.
    [[nodiscard]] account::ChangeTracker::Sight sight() const;
    /// The number of the last finished work, by our own count; finished() holds the ones up to it.
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
    users::RosterPtr m_users;
    LiveStatus m_liveStatus;
};

} // namespace sami::admin
