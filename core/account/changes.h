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

/// What is different since a revision; a value that can travel.
struct Changes
{
    /// What to ask with next. Never 0.
    quint64 revision = 0;
    /// Everything, whatever the asker has: it asked with 0 or with a revision that is too old, or
    /// the proxy stopped or started in between.
    bool isWhole = false;
    /// On the clock of whoever is asked: rows that are not mentioned are older by the difference.
    TimePoint at {};
    RunState state = RunState::Stopped;
    Totals totals;
    QList<ConnectionSnapshot> rows;            ///< new ones, and those that more than aged; by id
    QList<quint64> gone;                       ///< ids
    QList<FinishedWork> finished;              ///< since then, oldest first
    std::optional<QList<RefusalRow>> refusals; ///< all of them, if any changed
    std::optional<QList<BlockRow>> blocks;     ///< all of them, if any changed
};

/// A row as it is later, when nothing but time has passed.
[[nodiscard]] ConnectionSnapshot aged(ConnectionSnapshot row, Clock::duration by);

/// Finds out what is different since a revision, for any number of askers, each with a revision of
/// its own. Pure: it is told what there is whenever somebody asks, reads no clock and holds nothing
/// while nobody ever asks. Belongs to an engine; one thread.
///
/// | asked with                        | answer                                                   |
/// |-----------------------------------|----------------------------------------------------------|
/// | 0                                 | everything                                               |
/// | one of the last `kept` revisions  | rows new or changed since, ids gone since, work finished |
/// |                                   | since, refusals and blocks if they changed since         |
/// | an older one, or one of before    | everything                                               |
/// | forget()                          |                                                          |
/// | one that was never given          | everything                                               |
class ChangeTracker
{
public:
    /// Revisions that are remembered: half a minute of two windows that ask once a second.
    static constexpr size_t kept = 64;
    /// Ids of connections that are gone; above it the oldest revisions are forgotten.
    static constexpr qsizetype maxGone = 20'000;

    /// What there is.
    struct Sight
    {
        RunState state = RunState::Stopped;
        Snapshot snapshot; ///< by id
        TimePoint now {};
        quint64 finished = 0; ///< FinishedLog::total()
        quint64 refusals = 0; ///< how many there were; another number: other rows
        QList<BlockRow> blocks;
    };

    /// What the asker still needs of the books, beside `changes`.
    struct Answer
    {
        Changes changes;
        quint64 finishedBefore = 0; ///< the number of the last finished work that the asker has
        bool hasRefusals = false;   ///< the rows of refusals are to be added
    };

    [[nodiscard]] Answer since(quint64 revision, Sight sight);
    /// Another run of the proxy begins, or nobody has asked for long: whoever asks next gets
    /// everything. Frees what was kept.
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

    quint64 m_revision = 0; ///< goes on counting after forget()
    TimePoint m_at {};
    QHash<quint64, Row> m_rows;
    std::deque<Gone> m_gone;  ///< oldest first
    std::deque<Mark> m_marks; ///< oldest first
    quint64 m_refusals = 0;
    quint64 m_refusalsChangedAt = 0;
    QList<BlockRow> m_blocks;
    quint64 m_blocksChangedAt = 0;
};

/// What an asker knows: the rows kept together from changes. A value.
class Picture
{
public:
    /// What the last changes were made of; 0 before the first.
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
