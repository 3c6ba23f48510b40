// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/snapshot.h"

#include <chrono>

namespace sami::gui {

/// What a live connection seems to be doing. Read from timing alone: the proxy sees no content.
enum class LiveState {
    Unused, ///< open, and nothing was asked for or sent over it yet
    Connecting,
    Streaming,
    Waiting, ///< the client spoke last, and nobody has spoken for a while
    Idle,    ///< the server spoke last, or no request runs
    Closing,
};

/// How long both sides must be silent before a stream counts as waiting or idle.
inline constexpr std::chrono::seconds silenceBeforeWaiting { 5 };

/// By phase and by who spoke in the current request or tunnel; octets of earlier requests on the
/// same connection count for nothing:
///
/// | phase           | client | server | last word      | state                  |
/// |-----------------|--------|--------|----------------|------------------------|
/// | AwaitingRequest | –      | –      | never a request| Unused                 |
/// | AwaitingRequest | –      | –      | an answer      | Idle                   |
/// | Connecting      |        |        |                | Connecting             |
/// | Exchange        | asked  | silent | the client's   | Streaming, then Waiting|
/// | Exchange        | asked  | spoke  | the client's   | Streaming, then Waiting|
/// | Exchange        | asked  | spoke  | the server's   | Streaming, then Idle   |
/// | Tunnel          | silent | silent | nobody's       | Unused                 |
/// | Tunnel          | spoke  | silent | the client's   | Streaming, then Waiting|
/// | Tunnel          | silent | spoke  | the server's   | Streaming, then Idle   |
/// | Tunnel          | spoke  | spoke  | the client's   | Streaming, then Waiting|
/// | Tunnel          | spoke  | spoke  | the server's   | Streaming, then Idle   |
/// | Closing         |        |        |                | Closing                |
///
/// "Then": once nobody has spoken for `silenceBeforeWaiting`. Of both at once the client counts as
/// the last. Pure.
[[nodiscard]] LiveState liveState(const account::ConnectionSnapshot &row);

} // namespace sami::gui
