// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

namespace sami::door {

/// From here on the process's memory is written into no core dump, and no process of the same user
/// may look into it: it is about to hold a private key. For the whole process, for good; any
/// thread. Linux; elsewhere it does nothing.
void keepOutOfDumps();

} // namespace sami::door
