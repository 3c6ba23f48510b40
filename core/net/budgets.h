// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "net/extradescriptors.h"
#include "net/pendingbudget.h"
#include "net/pipebudget.h"

namespace sami::net {

/// What all streams and dials of one proxy may take together. The proxy's shared state owns it, and
/// each stream is given it at its birth, so that two proxies in one process neither share nor
/// overwrite what bounds them. Outlives every stream, pipe and place that was taken from it.
/// Thread-safe.
struct Budgets
{
    PipeBudget pipes;
    PendingBudget pending;
    ExtraDescriptors extras;
};

} // namespace sami::net
