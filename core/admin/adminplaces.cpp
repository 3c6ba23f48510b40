// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "admin/adminplaces.h"

#include <algorithm>

namespace sami::admin {

quint64 AdminPlaces::enterStranger(quint64 id, const QHostAddress &from)
{
    quint64 leaving = 0;
    if (int(m_unknown.size()) >= m_strangers) {
        const auto countOf = [this](const Stranger &of) {
            return std::count_if(m_unknown.begin(), m_unknown.end(), [&of](const Stranger &each) {
                return clientNetwork(each.from) == clientNetwork(of.from);
            });
        };
        const auto first = std::max_element(m_unknown.begin(), m_unknown.end(),
                                            [&](const Stranger &left, const Stranger &right) {
                                                return countOf(left) < countOf(right);
                                            });
        leaving = first->id;
        m_unknown.erase(first);
    }
    m_unknown.push_back({ id, from });
    return leaving;
}

bool AdminPlaces::enterKnown(quint64 id)
{
    if (int(m_known.size()) >= m_all - m_strangers)
        return false;
    m_known.push_back(id);
    return true;
}

bool AdminPlaces::makeKnown(quint64 id)
{
    if (std::find(m_known.begin(), m_known.end(), id) != m_known.end())
        return true;
    if (!enterKnown(id))
        return false;
    std::erase_if(m_unknown, [id](const Stranger &each) { return each.id == id; });
    return true;
}

void AdminPlaces::leave(quint64 id)
{
    std::erase_if(m_unknown, [id](const Stranger &each) { return each.id == id; });
    std::erase(m_known, id);
}

} // namespace sami::admin
