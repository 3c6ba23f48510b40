// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/pendingbudget.h"

#include "net/scratchbuffer.h"

#include <atomic>
#include <limits>

namespace sami::net {

namespace {

constexpr qsizetype smallReadSize = 4096;

std::atomic<qint64> budget { std::numeric_limits<qint64>::max() };
std::atomic<qint64> pending { 0 };

} // namespace

void setPendingBudget(qint64 octets)
{
    budget.store(octets, std::memory_order_relaxed);
}

void countPending(qint64 octets)
{
    pending.fetch_add(octets, std::memory_order_relaxed);
}

bool isPendingOverdrawn()
{
    return pending.load(std::memory_order_relaxed) > budget.load(std::memory_order_relaxed);
}

qsizetype forwardingReadSize()
{
    return isPendingOverdrawn() ? smallReadSize : scratchSize;
}

} // namespace sami::net
