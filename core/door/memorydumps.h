// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

namespace sami::door {

/// Keeps this process's memory out of core dumps and away from other processes of the same user,
/// because it is about to hold a private key. Lasts as long as the process; any thread. Does
/// nothing except on Linux.
void keepOutOfDumps();

} // namespace sami::door
