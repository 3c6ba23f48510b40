// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/extradescriptors.h"

namespace sami::net {

ExtraDescriptors::Slot ExtraDescriptors::take()
{
    int taken = m_taken.load(std::memory_order_relaxed);
    do {
        if (taken >= m_limit.load(std::memory_order_relaxed))
            return {};
    } while (!m_taken.compare_exchange_weak(taken, taken + 1, std::memory_order_relaxed));
    return Slot(*this);
}

} // namespace sami::net
