// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QStringList>

namespace sami::gui {

// What the core can say, found in its own tables and sources, so that a new one is a new row.

/// The codes that FinishedWork::reason can be, in order.
[[nodiscard]] QStringList reasonCodes();
/// The types of Proxy-Status, which is all that a client of the proxy is told.
[[nodiscard]] QStringList errorTypes();
/// The sentences about malformed HTTP, which are reasons too.
[[nodiscard]] QStringList faultSentences();

} // namespace sami::gui
