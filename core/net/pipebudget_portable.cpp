// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/pipebudget.h"

namespace sami::net {

PipeBudget::PipeBudget() = default;

PipeBudget::~PipeBudget() = default;

void PipeBudget::setLimit(int) {}

} // namespace sami::net
