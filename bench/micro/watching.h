// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

namespace sami::bench {

/// The cost of metrics: recording a connection's end with and without them, and a scrape with
/// 10,000 connections. Prints a line of JSON for each.
void measureWatching();

} // namespace sami::bench
