// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/ledger.h"

namespace sami::account {

/// Writes the one log line that ends every request, every tunnel, and every connection without a
/// request. The only place that builds this line. A line for which the connection has no log credit
/// left (PostMortem) is written at debug level.
class AccessLog : public Sink
{
public:
    void closed(const FinishedWork &work) override;
    void leftOut(const FinishedWork &last, quint32 lines) override;
};

/// About how many octets that line takes in the log, with its texts escaped.
[[nodiscard]] qsizetype accessLineCost(const FinishedWork &work);

} // namespace sami::account
