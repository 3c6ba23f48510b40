// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "account/changes.h"

#include <QSet>

#include <algorithm>
#include <tuple>
#include <utility>

namespace sami::account {

namespace {

bool isSame(const ConnectionSnapshot &left, const ConnectionSnapshot &right)
{
    const auto values = [](const ConnectionSnapshot &row) {
        return std::tie(row.id, row.client, row.via, row.entrance, row.user, row.method, row.target,
                        row.endpoint, row.phase, row.requests, row.up, row.down, row.age,
                        row.sinceUp, row.sinceDown, row.longestSilence, row.route, row.dial,
                        row.firstByte);
    };
    return values(left) == values(right);
}

bool isSame(const QList<BlockRow> &left, const QList<BlockRow> &right)
{
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [](const BlockRow &one, const BlockRow &other) {
                          return one.address == other.address && one.left == other.left;
                      });
}

bool isBefore(const ConnectionSnapshot &left, const ConnectionSnapshot &right)
{
    return left.id < right.id;
}

} // namespace

ConnectionSnapshot aged(ConnectionSnapshot row, Clock::duration by)
{
    row.age += by;
    row.sinceUp += by;
    row.sinceDown += by;
    row.longestSilence = std::max(row.longestSilence, std::min(row.sinceUp, row.sinceDown));
    return row;
}

ChangeTracker::Answer ChangeTracker::since(quint64 revision, Sight sight)
{
    take(sight);
    const Mark *mark = markOf(revision);
    if (!mark)
        return whole(sight);

    Answer answer;
    Changes &changes = answer.changes;
    changes.revision = m_revision;
    changes.at = sight.now;
    changes.state = sight.state;
    changes.totals = sight.snapshot.totals;
    for (const ConnectionSnapshot &row : std::as_const(sight.snapshot.connections)) {
        if (m_rows.constFind(row.id)->changedAt > revision)
            changes.rows.append(row);
    }
    for (const Gone &gone : m_gone) {
        if (gone.at > revision)
            changes.gone.append(gone.id);
    }
    answer.finishedBefore = mark->finished;
    answer.hasRefusals = m_refusalsChangedAt > revision;
    if (m_blocksChangedAt > revision)
        changes.blocks = std::move(sight.blocks);
    return answer;
}

ChangeTracker::Answer ChangeTracker::whole(const Sight &sight) const
{
    Answer answer;
    answer.changes.revision = m_revision;
    answer.changes.isWhole = true;
    answer.changes.at = sight.now;
    answer.changes.state = sight.state;
    answer.changes.totals = sight.snapshot.totals;
    answer.changes.rows = sight.snapshot.connections;
    answer.changes.blocks = sight.blocks;
    answer.hasRefusals = true;
    return answer;
}

void ChangeTracker::take(const Sight &sight)
{
    const bool isFirst = m_marks.empty();
    ++m_revision;
    takeRows(sight.snapshot.connections, isFirst ? Clock::duration {} : sight.now - m_at);
    m_at = sight.now;
    if (isFirst || sight.refusals != m_refusals)
        m_refusalsChangedAt = m_revision;
    m_refusals = sight.refusals;
    if (isFirst || !isSame(sight.blocks, m_blocks))
        m_blocksChangedAt = m_revision;
    m_blocks = sight.blocks;
    m_marks.push_back({ m_revision, sight.finished });
    forgetOldMarks();
}

void ChangeTracker::takeRows(const QList<ConnectionSnapshot> &rows, Clock::duration passed)
{
    for (auto known = m_rows.begin(); known != m_rows.end();) {
        const auto found = std::lower_bound(rows.begin(), rows.end(), known->values, isBefore);
        if (found != rows.end() && found->id == known.key()) {
            ++known;
            continue;
        }
        m_gone.push_back({ known.key(), m_revision });
        known = m_rows.erase(known);
    }
    for (const ConnectionSnapshot &row : rows) {
        const auto known = m_rows.find(row.id);
        if (known == m_rows.end()) {
            m_rows.insert(row.id, { row, m_revision });
            continue;
        }
        if (!isSame(aged(known->values, passed), row))
            known->changedAt = m_revision;
        known->values = row;
    }
}

void ChangeTracker::forgetOldMarks()
{
    // Always keeps one: the current revision.
    while (m_marks.size() > 1 && (m_marks.size() > kept || qsizetype(m_gone.size()) > maxGone)) {
        m_marks.pop_front();
        while (!m_gone.empty() && m_gone.front().at <= m_marks.front().revision)
            m_gone.pop_front();
    }
}

const ChangeTracker::Mark *ChangeTracker::markOf(quint64 revision) const
{
    const auto found =
        std::lower_bound(m_marks.begin(), m_marks.end(), revision,
                         [](const Mark &mark, quint64 asked) { return mark.revision < asked; });
    // Nobody has the newest revision yet: it is created for this very answer.
    const bool isKnown =
        found != m_marks.end() && found->revision == revision && revision != m_revision;
    return isKnown ? &*found : nullptr;
}

void ChangeTracker::forget()
{
    m_rows = {};
    m_gone = {};
    m_marks = {};
    m_blocks = {};
}

void Picture::take(const Changes &changes)
{
    QList<ConnectionSnapshot> rows;
    if (changes.isWhole) {
        rows = changes.rows;
        m_refusals.clear();
        m_blocks.clear();
    } else {
        const QSet<quint64> gone(changes.gone.begin(), changes.gone.end());
        const Clock::duration passed = changes.at - m_at;
        auto next = changes.rows.begin();
        rows.reserve(m_snapshot.connections.size() + changes.rows.size());
        for (const ConnectionSnapshot &row : std::as_const(m_snapshot.connections)) {
            for (; next != changes.rows.end() && next->id < row.id; ++next)
                rows.append(*next);
            if (next != changes.rows.end() && next->id == row.id)
                rows.append(*next++);
            else if (!gone.contains(row.id))
                rows.append(aged(row, passed));
        }
        for (; next != changes.rows.end(); ++next)
            rows.append(*next);
    }
    m_snapshot = { changes.totals, rows };
    m_revision = changes.revision;
    m_at = changes.at;
    m_state = changes.state;
    if (changes.refusals)
        m_refusals = *changes.refusals;
    if (changes.blocks)
        m_blocks = *changes.blocks;
}

} // namespace sami::account
