// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/ledger.h"

namespace sami::account {

/// Writes the one log line that ends every request, tunnel, or connection without a request. The
/// only place where that line is made. One that is not paid for (PostMortem) goes to debug.
class AccessLog : public Sink
{
public:
    void closed(const FinishedWork &work) override;
    void leftOut(const FinishedWork &last, quint32 lines) override;
};

/// About how many octets that line takes of the log, its texts escaped.
[[nodiscard]] qsizetype accessLineCost(const FinishedWork &work);

} // namespace sami::account
