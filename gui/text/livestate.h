// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/snapshot.h"

#include <chrono>

namespace sami::gui {

/// What a live connection seems to be doing. Derived from timing only: the proxy sees no content.
enum class LiveState {
    Unused, ///< open, with nothing requested or sent yet
    Connecting,
    Streaming,
    Waiting, ///< the client sent last, and neither side has sent anything for a while
    Idle,    ///< the server sent last, or no request is running
    Closing,
};

/// How long both sides must be silent before a stream counts as waiting or idle.
inline constexpr std::chrono::seconds silenceBeforeWaiting { 5 };

/// The state follows from the phase, and from which sides have sent something in the current
/// request or tunnel. Octets of earlier requests on the same connection do not count:
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
/// "Then": once neither side has sent anything for `silenceBeforeWaiting`. If both sent last at the
/// same time, the client counts as the last. Pure.
[[nodiscard]] LiveState liveState(const account::ConnectionSnapshot &row);

} // namespace sami::gui
