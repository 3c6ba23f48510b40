// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "config/parents.h"
#include "net/bytestream.h"
#include "route/dialer.h"
#include "route/parentfault.h"

#include <chrono>
#include <functional>

namespace sami::route {

/// A connection to a parent: TCP, and TLS with its pin for a TLS parent. No request was sent on it.
struct ReachedParent
{
    net::StreamPtr stream;
    Clock::duration latency {}; ///< the TCP connect time, without the look-up
};

using ReachedCallback = std::function<void(Result<ReachedParent, ParentFault>)>;

/// Connects to a parent within the given time. Follows Dialer's rules: calls back once, from the
/// event loop, unless the returned DialPtr is destroyed first. Call it in its owner's thread.
using ParentReach = std::function<DialPtr(
    const config::Parent &parent, std::chrono::milliseconds timeout, ReachedCallback callback)>;

} // namespace sami::route
