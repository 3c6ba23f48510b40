// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "options.h"
#include "report.h"

namespace sami::bench {

// Each fills in the report. `origin` is the origin's port.

/// CONNECT, a small echo, close.
void runConnect(const Options &options, uint16_t origin, Report &report);
/// Bytes in one direction over a few tunnels.
void runStream(const Options &options, uint16_t origin, Report &report);
/// Many silent tunnels and a few that tick.
void runWait(const Options &options, uint16_t origin, Report &report);
/// Requests in absolute-form on kept connections.
void runForward(const Options &options, uint16_t origin, Report &report);
/// Server-sent events through forwarding.
void runSse(const Options &options, uint16_t origin, Report &report);

} // namespace sami::bench
