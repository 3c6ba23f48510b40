// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

namespace sami::door {

/// From here on the process's memory is written into no core dump, and no other process of the same
/// user may read it: it is about to hold a private key. For the whole process, permanently; any
/// thread. Linux; elsewhere it does nothing.
void keepOutOfDumps();

} // namespace sami::door
