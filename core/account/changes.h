// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/snapshot.h"
#include "base/clock.h"

#include <QHash>
#include <QList>

#include <deque>
#include <optional>

namespace sami::account {

enum class RunState { Stopped, Running, Draining };

/// What has changed since a revision; a value that can be sent elsewhere.
struct Changes
{
    /// The revision to ask with next. Never 0.
    quint64 revision = 0;
    /// Everything, whatever the asker has: it asked with 0 or with too old a revision, or the proxy
    /// has stopped or started in between.
    bool isWhole = false;
    /// On the engine's clock. Rows that are not mentioned have aged by the difference.
    TimePoint at {};
    RunState state = RunState::Stopped;
    Totals totals;
    QList<ConnectionSnapshot> rows;            ///< new, or changed in more than their age; by id
    QList<quint64> gone;                       ///< ids
    QList<FinishedWork> finished;              ///< since that revision, oldest first
    std::optional<QList<RefusalRow>> refusals; ///< all of them, if any changed
    std::optional<QList<BlockRow>> blocks;     ///< all of them, if any changed
};

/// The row as it is later, if nothing but time has passed.
[[nodiscard]] ConnectionSnapshot aged(ConnectionSnapshot row, Clock::duration by);

/// Computes what has changed since a revision, for any number of askers, each with its own
/// revision. Pure: the caller passes the current state with each question. Reads no clock, and
/// holds nothing if nobody ever asks. Owned by an engine; one thread.
///
/// | asked with                        | answer                                                   |
/// |-----------------------------------|----------------------------------------------------------|
/// | 0                                 | everything                                               |
/// | one of the last `kept` revisions  | rows new or changed since, ids gone since, work finished |
/// |                                   | since, refusals and blocks if they changed since         |
/// | an older one, or one from before  | everything                                               |
/// | the last forget()                 |                                                          |
/// | one that was never given          | everything                                               |
class ChangeTracker
{
public:
    /// Revisions that are remembered: half a minute for two windows that ask once a second.
    static constexpr size_t kept = 64;
    /// Limit for remembered ids of gone connections; above it the oldest revisions are forgotten.
    static constexpr qsizetype maxGone = 20'000;

    /// The current state.
    struct Sight
    {
        RunState state = RunState::Stopped;
        Snapshot snapshot; ///< by id
        TimePoint now {};
        quint64 finished = 0; ///< FinishedLog::total()
        quint64 refusals = 0; ///< their total so far: if it differs, so do the rows
        QList<BlockRow> blocks;
    };

    /// What the caller has to add to `changes` from the books.
    struct Answer
    {
        Changes changes;
        quint64 finishedBefore = 0; ///< the number of the last finished work that the asker has
        bool hasRefusals = false;   ///< the refusal rows have to be added
    };

    [[nodiscard]] Answer since(quint64 revision, Sight sight);
    /// Call it when another run of the proxy begins, or nobody has asked for long: the next asker
    /// gets everything. Frees what was kept.
    void forget();

private:
    struct Row
    {
        ConnectionSnapshot values;
        quint64 changedAt = 0;
    };
    struct Gone
    {
        quint64 id = 0;
        quint64 at = 0;
    };
    struct Mark
    {
        quint64 revision = 0;
        quint64 finished = 0;
    };

    void take(const Sight &sight);
    void takeRows(const QList<ConnectionSnapshot> &rows, Clock::duration passed);
    void forgetOldMarks();
    [[nodiscard]] const Mark *markOf(quint64 revision) const;
    [[nodiscard]] Answer whole(const Sight &sight) const;

    quint64 m_revision = 0; ///< keeps counting after forget()
    TimePoint m_at {};
    QHash<quint64, Row> m_rows;
    std::deque<Gone> m_gone;  ///< oldest first
    std::deque<Mark> m_marks; ///< oldest first
    quint64 m_refusals = 0;
    quint64 m_refusalsChangedAt = 0;
    QList<BlockRow> m_blocks;
    quint64 m_blocksChangedAt = 0;
};

/// What an asker knows: the rows, kept current by changes. A value.
class Picture
{
public:
    /// The revision of the last changes; 0 before the first.
    [[nodiscard]] quint64 revision() const { return m_revision; }
    void take(const Changes &changes);

    [[nodiscard]] RunState state() const { return m_state; }
    [[nodiscard]] const Snapshot &snapshot() const { return m_snapshot; } ///< rows by id
    [[nodiscard]] const QList<RefusalRow> &refusals() const { return m_refusals; }
    [[nodiscard]] const QList<BlockRow> &blocks() const { return m_blocks; }

private:
    quint64 m_revision = 0;
    TimePoint m_at {};
    RunState m_state = RunState::Stopped;
    Snapshot m_snapshot;
    QList<RefusalRow> m_refusals;
    QList<BlockRow> m_blocks;
};

} // namespace sami::account
