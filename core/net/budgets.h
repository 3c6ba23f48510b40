// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "net/extradescriptors.h"
#include "net/pendingbudget.h"
#include "net/pipebudget.h"

namespace sami::net {

/// The limits that all streams and dials of one proxy share. The proxy's shared state owns it and
/// passes it to each new stream, so that two proxies in one process have separate limits. Must
/// outlive every stream, pipe and slot taken from it. Thread-safe.
struct Budgets
{
    PipeBudget pipes;
    PendingBudget pending;
    ExtraDescriptors extras;
};

} // namespace sami::net
