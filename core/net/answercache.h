// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "net/resolver.h"

#include <QByteArray>
#include <QHash>

#include <chrono>

namespace sami::net {

/// The answers that a Resolver remembers, by question: at most Resolver::maxCachedNames, each for
/// Resolver::lifetimeOf(). Time is a parameter. A value; the resolver's mutex guards it.
class AnswerCache
{
public:
    /// A valid answer that is younger than `maxAge`; null if there is none.
    [[nodiscard]] const ResolveAnswer *find(const QByteArray &question, std::chrono::seconds maxAge,
                                            TimePoint now) const;
    void remember(const QByteArray &question, const ResolveAnswer &answer, TimePoint now);
    void clear() { m_answers.clear(); }

private:
    struct Entry
    {
        ResolveAnswer answer;
        TimePoint since;
        TimePoint expires;
    };

    QHash<QByteArray, Entry> m_answers;
};

} // namespace sami::net
