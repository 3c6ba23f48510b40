// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "account/snapshot.h"

namespace sami::account {

const char *toString(ConnectionPhase phase)
{
    switch (phase) {
    case ConnectionPhase::AwaitingRequest:
        return "awaiting_request";
    case ConnectionPhase::Connecting:
        return "connecting";
    case ConnectionPhase::Exchange:
        return "exchange";
    case ConnectionPhase::Tunnel:
        return "tunnel";
    case ConnectionPhase::Closing:
        return "closing";
    }
    return "";
}

} // namespace sami::account
