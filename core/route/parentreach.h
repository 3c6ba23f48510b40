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

/// A parent that was reached: TCP stands, and TLS with its pin where it speaks TLS. It was asked
/// nothing.
struct ReachedParent
{
    net::StreamPtr stream;
    Clock::duration latency {}; ///< how long TCP took, without the look-up
};

using ReachedCallback = std::function<void(Result<ReachedParent, Fault>)>;

/// Reaches a parent within the time given. By the rules of Dialer: it calls back once, from the
/// event loop, unless what it returns is let go first. Called in the thread of whoever has it.
using ParentReach = std::function<DialPtr(
    const config::Parent &parent, std::chrono::milliseconds timeout, ReachedCallback callback)>;

} // namespace sami::route
