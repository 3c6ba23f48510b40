// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/text/livestate.h"

#include <algorithm>

namespace sami::gui {

namespace {

/// Whether neither side has sent anything in a tunnel. The octet counts cannot tell: they include
/// earlier requests on the same connection.
bool isUnused(const account::ConnectionSnapshot &tunnel)
{
    // The server has sent nothing in this tunnel. If the client has, the silence since its last
    // octet is part of the tunnel, so longestSilence is at least sinceUp. If it has not, its last
    // octet came before the tunnel, so sinceUp is longer than any silence of the tunnel.
    return !tunnel.firstByte && (tunnel.up == 0 || tunnel.sinceUp > tunnel.longestSilence);
}

LiveState betweenTwo(const account::ConnectionSnapshot &row)
{
    // A server that has sent nothing in this request cannot have been the last to send.
    const bool isClientLast = !row.firstByte || row.sinceUp <= row.sinceDown;
    if (std::min(row.sinceUp, row.sinceDown) < silenceBeforeWaiting)
        return LiveState::Streaming;
    return isClientLast ? LiveState::Waiting : LiveState::Idle;
}

} // namespace

LiveState liveState(const account::ConnectionSnapshot &row)
{
    switch (row.phase) {
    case account::ConnectionPhase::AwaitingRequest:
        return row.requests == 0 ? LiveState::Unused : LiveState::Idle;
    case account::ConnectionPhase::Connecting:
        return LiveState::Connecting;
    case account::ConnectionPhase::Closing:
        return LiveState::Closing;
    case account::ConnectionPhase::Tunnel:
        return isUnused(row) ? LiveState::Unused : betweenTwo(row);
    case account::ConnectionPhase::Exchange:
        break;
    }
    return betweenTwo(row);
}

} // namespace sami::gui
