// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

namespace sami::users {

/// Gives the calling thread the lowest priority that still gets scheduled on a busy machine. Only
/// for our own threads: it cannot be undone. No effect if the system refuses.
void lowerOwnPriority();

} // namespace sami::users
