// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/text/livestate.h"

#include <algorithm>

namespace sami::gui {

namespace {

/// Whether neither side has sent anything in a tunnel. The octets do not tell: they are those of
/// all requests before it on the same connection, too.
bool isUnused(const server::ConnectionSnapshot &tunnel)
{
    // While the server is silent only the client ends a silence. A silence that does not reach
    // back to the client's last octet began with the tunnel, behind that octet.
    return !tunnel.firstByte && (tunnel.up == 0 || tunnel.sinceUp > tunnel.longestSilence);
}

LiveState betweenTwo(const server::ConnectionSnapshot &row)
{
    // A server that has not spoken in this request cannot have had the last word in it.
    const bool isClientLast = !row.firstByte || row.sinceUp <= row.sinceDown;
    if (std::min(row.sinceUp, row.sinceDown) < silenceBeforeWaiting)
        return LiveState::Streaming;
    return isClientLast ? LiveState::Waiting : LiveState::Idle;
}

} // namespace

LiveState liveState(const server::ConnectionSnapshot &row)
{
    switch (row.phase) {
    case server::ConnectionPhase::AwaitingRequest:
        return row.requests == 0 ? LiveState::Unused : LiveState::Idle;
    case server::ConnectionPhase::Connecting:
        return LiveState::Connecting;
    case server::ConnectionPhase::Closing:
        return LiveState::Closing;
    case server::ConnectionPhase::Tunnel:
        return isUnused(row) ? LiveState::Unused : betweenTwo(row);
    case server::ConnectionPhase::Exchange:
        break;
    }
    return betweenTwo(row);
}

} // namespace sami::gui
