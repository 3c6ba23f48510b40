// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "users/rightpairs.h"

#include <algorithm>
#include <utility>

namespace sami::users {

UserPtr RightPairs::find(const QByteArray &digest, TimePoint now)
{
    const auto found = m_pairs.find(digest);
    if (found == m_pairs.end())
        return nullptr;
    if (now >= found->until) {
        m_pairs.erase(found);
        return nullptr;
    }
    found->until = now + lifetime;
    return found->user;
}

void RightPairs::remember(const QByteArray &digest, UserPtr user, TimePoint now)
{
    if (m_pairs.size() >= maxPairs && !m_pairs.contains(digest))
        makeRoom(now);
    m_pairs.insert(digest, { std::move(user), now + lifetime });
}

void RightPairs::makeRoom(TimePoint now)
{
    m_pairs.removeIf([now](const std::pair<const QByteArray &, Pair &> &entry) {
        return now >= entry.second.until;
    });
    if (m_pairs.size() < maxPairs)
        return;
    const auto first =
        std::min_element(m_pairs.cbegin(), m_pairs.cend(), [](const Pair &left, const Pair &right) {
            return left.until < right.until;
        });
    m_pairs.erase(first);
}

} // namespace sami::users
