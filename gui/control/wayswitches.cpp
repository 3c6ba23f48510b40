// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/control/wayswitches.h"

#include <algorithm>
#include <utility>

namespace sami::gui {

std::optional<WayOut> wayOutOf(const route::ParentsOverview &overview)
{
    if (overview.parents.empty())
        return std::nullopt;
    for (const route::ParentState &parent : overview.parents) {
        if (parent.isPreferred && parent.condition == route::ParentCondition::Healthy)
            return WayOut { parent.name };
    }
    return WayOut {};
}

std::optional<WaySwitch> WaySwitches::look(const route::ParentsOverview &overview, TimePoint now)
{
    const std::optional<WayOut> way = wayOutOf(overview);
    if (!way) {
        forget();
        return std::nullopt;
    }
    if (!m_known)
        m_known = way;
    if (m_seen != way) {
        m_seen = way;
        m_seenSince = now;
    }
    if (way == m_known || now - m_seenSince < settled || (m_toldAt && now - *m_toldAt < pause))
        return std::nullopt;
    m_toldAt = now;
    WaySwitch made { std::exchange(*m_known, *way), *way, std::nullopt };
    const auto left =
        std::find_if(overview.parents.begin(), overview.parents.end(),
                     [&made](const auto &parent) { return parent.name == made.from.server; });
    if (left != overview.parents.end())
        made.fault = left->fault;
    return made;
}

void WaySwitches::forget()
{
    m_known.reset();
    m_seen.reset();
}

} // namespace sami::gui
