// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

namespace sami::bench {

/// What metrics cost: an end that is told to the books with and without them, and a scrape beside
/// 10,000 connections. Prints a line of JSON for each.
void measureWatching();

} // namespace sami::bench
