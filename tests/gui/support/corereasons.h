// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QStringList>

namespace sami::gui {

// What the core can say, extracted from its own tables and sources, so that a new reason is a new
// row.

/// The possible codes of FinishedWork::reason, in order.
[[nodiscard]] QStringList reasonCodes();
/// The types in Proxy-Status, which is all that the proxy tells its clients.
[[nodiscard]] QStringList errorTypes();
/// The sentences about malformed HTTP, which are also reasons.
[[nodiscard]] QStringList faultSentences();

} // namespace sami::gui
