// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/pendingbudget.h"

#include "net/scratchbuffer.h"

namespace sami::net {

namespace {

constexpr qsizetype smallReadSize = 4096;

} // namespace

qsizetype PendingBudget::forwardingReadSize() const
{
    return isOverdrawn() ? smallReadSize : scratchSize;
}

} // namespace sami::net
