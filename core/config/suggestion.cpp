// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/suggestion.h"

#include <QList>

#include <algorithm>
#include <utility>

namespace sami::config {

namespace {

/// For a truncated word such as "--auth": fewer letters would match too much.
constexpr qsizetype shortestBeginning = 5;

/// Levenshtein distance, one row at a time.
qsizetype editDistance(const QString &left, const QString &right)
{
    QList<qsizetype> row(right.size() + 1);
    for (qsizetype j = 0; j < row.size(); ++j)
        row[j] = j;
    for (qsizetype i = 1; i <= left.size(); ++i) {
        qsizetype diagonal = std::exchange(row[0], i);
        for (qsizetype j = 1; j <= right.size(); ++j) {
            const qsizetype replaced = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
            diagonal = std::exchange(row[j], std::min({ replaced, row[j] + 1, row[j - 1] + 1 }));
        }
    }
    return row.constLast();
}

QString folded(const QString &text)
{
    return text.toLower().replace(u'-', u'_');
}

} // namespace

QString nearest(const QString &word, const QStringList &candidates, qsizetype tolerance)
{
    const QString wanted = folded(word);
    qsizetype bestDistance = std::min(tolerance + 1, wanted.size());
    if (wanted.size() > 100) // the cost is the product of the lengths
        return {};
    QString best;
    for (const QString &candidate : candidates) {
        // The distance is at least the difference in length.
        if (std::abs(wanted.size() - candidate.size()) >= bestDistance)
            continue;
        const qsizetype distance = editDistance(wanted, folded(candidate));
        if (distance < bestDistance) {
            bestDistance = distance;
            best = candidate;
        }
    }
    return best;
}

QString nearest(const QString &word, const QStringList &candidates)
{
    // Two swapped letters are two edits. Beyond that and a third of the word it is another word.
    QString best = nearest(word, candidates, std::max<qsizetype>(2, word.size() / 3));
    const QString wanted = folded(word);
    if (!best.isEmpty() || wanted.size() < shortestBeginning)
        return best;
    for (const QString &candidate : candidates) {
        if (folded(candidate).startsWith(wanted)
            && (best.isEmpty() || candidate.size() < best.size()))
            best = candidate;
    }
    return best;
}

} // namespace sami::config
