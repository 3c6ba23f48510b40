// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/answercache.h"

#include <utility>

namespace sami::net {

const ResolveAnswer *AnswerCache::find(const QByteArray &question, std::chrono::seconds maxAge,
                                       TimePoint now) const
{
    const auto known = m_answers.constFind(question);
    const bool isFresh =
        known != m_answers.constEnd() && now < known->expires && now - known->since < maxAge;
    return isFresh ? &known->answer : nullptr;
}

void AnswerCache::remember(const QByteArray &question, const ResolveAnswer &answer, TimePoint now)
{
    // A failing name server does not invalidate its earlier answer.
    if (answer.failed && !answer.isUnknownName && !answer.lacksFamily) {
        const auto known = m_answers.constFind(question);
        if (known != m_answers.constEnd() && !known->answer.failed && now < known->expires)
            return;
    }
    if (m_answers.size() >= Resolver::maxCachedNames) {
        m_answers.removeIf([now](const std::pair<const QByteArray &, Entry &> &each) {
            return each.second.expires <= now;
        });
        // If all are fresh, drops an arbitrary one, which costs one more lookup.
        if (m_answers.size() >= Resolver::maxCachedNames)
            m_answers.erase(m_answers.cbegin());
    }
    Entry kept { answer, now, now + Resolver::lifetimeOf(answer) };
    kept.answer.isCached = true;
    m_answers.insert(question, std::move(kept));
}

} // namespace sami::net
