// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "route/layer.h"

#include <utility>

namespace sami::route {

void Layer::begin(Over over)
{
    m_over = std::move(over);
    prepare();
}

void Layer::letGo()
{
    m_over = nullptr;
    abort();
}

void Layer::succeed(Way way)
{
    if (const Over over = std::exchange(m_over, nullptr))
        over(std::move(way));
}

void Layer::fail(net::DialError error)
{
    if (const Over over = std::exchange(m_over, nullptr))
        over(Unexpected(std::move(error)));
}

} // namespace sami::route
