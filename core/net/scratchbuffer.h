// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

namespace sami::net {

/// What one read takes at most: large enough that a system call is cheap per octet, small enough
/// to stay in the cache.
inline constexpr qsizetype scratchSize = qsizetype(64) * 1024;

/// The calling thread's read buffer of scratchSize octets, shared by everything that copies
/// octets in this thread. Its content is yours until control returns to the event loop or to
/// anything that may read a stream, whichever comes first.
[[nodiscard]] char *scratchBuffer();

} // namespace sami::net
