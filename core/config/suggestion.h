// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QString>
#include <QStringList>

namespace sami::config {

/// The candidate that was probably meant by a misspelled word: the nearest by edit distance, if
/// any is near at all (two edits or a third of the word), or the shortest that the word begins;
/// empty otherwise. Case and the difference of "-" and "_" do not count.
[[nodiscard]] QString nearest(const QString &word, const QStringList &candidates);

/// The same with a tolerance of the caller's, in edits, and without regard to beginnings.
[[nodiscard]] QString nearest(const QString &word, const QStringList &candidates,
                              qsizetype tolerance);

} // namespace sami::config
