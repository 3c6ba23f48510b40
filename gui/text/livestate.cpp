// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/text/livestate.h"

#include <algorithm>

namespace sami::gui {

LiveState liveState(const server::ConnectionSnapshot &row)
{
    switch (row.phase) {
    case server::ConnectionPhase::AwaitingRequest:
        return LiveState::Idle;
    case server::ConnectionPhase::Connecting:
        return LiveState::Connecting;
    case server::ConnectionPhase::Closing:
        return LiveState::Closing;
    case server::ConnectionPhase::Exchange:
    case server::ConnectionPhase::Tunnel:
        break;
    }
    if (std::min(row.sinceUp, row.sinceDown) < silenceBeforeWaiting)
        return LiveState::Streaming;
    return row.sinceUp <= row.sinceDown ? LiveState::Waiting : LiveState::Idle;
}

} // namespace sami::gui
