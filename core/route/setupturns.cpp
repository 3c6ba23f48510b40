// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "route/setupturns.h"

#include <algorithm>
#include <utility>

namespace sami::route {

SetupTurns::PlacePtr SetupTurns::take(const config::Parent &parent, std::function<void()> turn)
{
    auto line = std::find_if(m_lines.begin(), m_lines.end(),
                             [&parent](const Line &known) { return known.parent == parent; });
    if (line == m_lines.end())
        line = m_lines.insert(m_lines.end(), Line { parent });
    PlacePtr place(new Place(*this, line, std::move(turn)));
    if (line->underWay < atOnce) {
        ++line->underWay;
        place->m_isTaken = true;
    } else {
        line->waiting.push_back(place.get());
    }
    return place;
}

void SetupTurns::giveBack(Place &place)
{
    Line &line = *place.m_line;
    if (!place.m_isTaken) {
        line.waiting.remove(&place);
        return;
    }
    if (!line.waiting.empty()) {
        Place &next = *line.waiting.front();
        line.waiting.pop_front();
        next.m_isTaken = true;
        next.m_turn();
        return;
    }
    if (--line.underWay == 0)
        m_lines.erase(place.m_line);
}

} // namespace sami::route
