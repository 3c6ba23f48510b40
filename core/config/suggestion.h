// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QString>
#include <QStringList>

namespace sami::config {

/// The candidate that a misspelled word probably means: the nearest by edit distance (at most two
/// edits or a third of the word), or else the shortest that begins with the word; empty if there is
/// none. Ignores case and the difference between "-" and "_".
[[nodiscard]] QString nearest(const QString &word, const QStringList &candidates);

/// The same with the caller's tolerance, in edits, and without matching beginnings.
[[nodiscard]] QString nearest(const QString &word, const QStringList &candidates,
                              qsizetype tolerance);

} // namespace sami::config
