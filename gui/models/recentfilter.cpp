// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/models/recentfilter.h"

#include "gui/models/recentmodel.h"

namespace sami::gui {

void RecentFilter::setEnding(std::optional<EndKind> ending)
{
    if (ending == m_ending)
        return;
    m_ending = ending;
    invalidateFilter();
}

bool RecentFilter::filterAcceptsRow(int row, const QModelIndex &parent) const
{
    if (m_ending
        && sourceModel()->index(row, 0, parent).data(RecentModel::EndingRole) != int(*m_ending))
        return false;
    return WordFilter::filterAcceptsRow(row, parent);
}

} // namespace sami::gui
