// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

namespace sami::bench {

/// What a program's whole process tree has used: the process, its descendants and their threads.
namespace processtree {

/// Seconds of CPU, user and system, to the nanosecond for what lives and to the clock tick for
/// children that have ended and were waited for.
[[nodiscard]] double cpuSeconds(pid_t root);

/// Proportional set size in bytes: pages that several processes share count once. The kernel's
/// part (sockets and their buffers) is not in it.
[[nodiscard]] double memoryBytes(pid_t root);

} // namespace processtree

} // namespace sami::bench
