// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "server/snapshot.h"

#include <chrono>

namespace sami::gui {

/// What a live connection seems to be doing. Read from timing alone: the proxy sees no content.
enum class LiveState {
    Connecting,
    Streaming,
    Waiting, ///< the client spoke last, and nobody has spoken for a while
    Idle,    ///< the server spoke last, or no request runs
    Closing,
};

/// How long both sides must be silent before a stream counts as waiting or idle.
inline constexpr std::chrono::seconds silenceBeforeWaiting { 5 };

[[nodiscard]] LiveState liveState(const server::ConnectionSnapshot &row);

} // namespace sami::gui
