// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

namespace sami::users {

/// Gives the calling thread, and no other, the lowest priority that still gets its turns on a busy
/// machine. For a thread of our own; it cannot be undone. A system that refuses leaves it as it is.
void lowerOwnPriority();

} // namespace sami::users
