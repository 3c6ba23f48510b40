// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/nativeaccept.h"

namespace sami::net {

bool canAcceptNatively()
{
    return false;
}

Accepted acceptConnection(qintptr)
{
    return {};
}

} // namespace sami::net
