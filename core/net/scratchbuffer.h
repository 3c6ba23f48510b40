// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

namespace sami::net {

/// Most octets of one read: large enough to make system calls cheap per octet, small enough to stay
/// in the cache.
inline constexpr qsizetype scratchSize = qsizetype(64) * 1024;

/// The calling thread's read buffer of scratchSize octets, shared by everything that copies octets
/// in this thread. Its content is valid until control returns to the event loop or reaches anything
/// that may read a stream.
[[nodiscard]] char *scratchBuffer();

} // namespace sami::net
