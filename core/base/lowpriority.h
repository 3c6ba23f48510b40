// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

namespace sami {

enum class LowPriority {
    BelowStreams, ///< on a busy machine streams go first, but it runs soon enough to hold a lock
    Lowest,       ///< may not be scheduled for a long time: must hold no lock that others need
};

/// Lowers the priority of the calling thread. Only for our own threads: it cannot be undone. No
/// effect if the system refuses.
void lowerOwnPriority(LowPriority priority);

} // namespace sami
