// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/models/connectionsfilter.h"

#include "gui/models/connectionsmodel.h"

#include <algorithm>

namespace sami::gui {

ConnectionsFilter::ConnectionsFilter(ConnectionsModel *model, QObject *parent)
    : QSortFilterProxyModel(parent), m_model(model)
{
    setDynamicSortFilter(false);
    setSourceModel(model);
}

void ConnectionsFilter::setText(const QString &text)
{
    const QStringList words = text.toLower().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    if (words == m_words)
        return;
    m_words = words;
    invalidateFilter();
    refresh();
}

void ConnectionsFilter::setState(std::optional<LiveState> state)
{
    if (state == m_state)
        return;
    m_state = state;
    invalidateFilter();
    refresh();
}

void ConnectionsFilter::refresh()
{
    // A row's state changes by itself, and a new request changes its text.
    if (m_state || !m_words.isEmpty())
        invalidateFilter();
    if (sortColumn() >= 0)
        sort(sortColumn(), sortOrder());
}

const LiveConnection &ConnectionsFilter::connection(const QModelIndex &index) const
{
    return m_model->at(mapToSource(index).row());
}

bool ConnectionsFilter::filterAcceptsRow(int row, const QModelIndex &) const
{
    const LiveConnection &connection = m_model->at(row);
    if (m_state && connection.state != *m_state)
        return false;
    return std::all_of(m_words.begin(), m_words.end(),
                       [&](const QString &word) { return connection.searchText.contains(word); });
}

bool ConnectionsFilter::lessThan(const QModelIndex &left, const QModelIndex &right) const
{
    const auto order = ConnectionsModel::columns()[std::size_t(left.column())].order;
    return order(m_model->at(left.row()), m_model->at(right.row())) < 0;
}

} // namespace sami::gui
