// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "admin/coarsetraffic.h"

#include "account/changes.h"

namespace sami::admin {

using account::ConnectionSnapshot;

namespace {

void takeTraffic(ConnectionSnapshot &row, const ConnectionSnapshot &from)
{
    row.up = from.up;
    row.down = from.down;
    row.sinceUp = from.sinceUp;
    row.sinceDown = from.sinceDown;
    row.longestSilence = from.longestSilence;
}

} // namespace

void CoarseTraffic::coarsen(account::Snapshot &snapshot, TimePoint now)
{
    ++m_turn;
    for (ConnectionSnapshot &row : snapshot.connections) {
        Shown &shown = m_rows[row.id];
        const bool isNew = shown.seenIn == 0;
        shown.seenIn = m_turn;
        if (isNew || now - shown.at >= renewal) {
            shown.row = row;
            shown.at = now;
            continue;
        }
        takeTraffic(row, account::aged(shown.row, now - shown.at));
    }
    m_rows.removeIf([this](const auto &each) { return each.value().seenIn != m_turn; });
    if (m_turn == 1 || now - m_totalsAt >= renewal) {
        m_up = snapshot.totals.up;
        m_down = snapshot.totals.down;
        m_totalsAt = now;
    }
    snapshot.totals.up = m_up;
    snapshot.totals.down = m_down;
}

void CoarseTraffic::forget()
{
    m_rows = {};
    m_turn = 0;
}

} // namespace sami::admin
