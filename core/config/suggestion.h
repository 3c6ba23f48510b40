// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QString>
#include <QStringList>

namespace sami::config {

/// The candidate that was probably meant by a misspelled word: the nearest by edit distance, if
/// any is near at all; empty otherwise. Case and the difference of "-" and "_" do not count.
[[nodiscard]] QString nearest(const QString &word, const QStringList &candidates);

} // namespace sami::config
