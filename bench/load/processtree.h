// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

namespace sami::bench {

/// Usage of a program's whole process tree: the process, its descendants and their threads.
namespace processtree {

/// CPU seconds, user and system. Precise to the nanosecond for live processes, and to the clock
/// tick for children that were waited for.
[[nodiscard]] double cpuSeconds(pid_t root);

/// The proportional set size in bytes: shared pages count once. Excludes the kernel's part (sockets
/// and their buffers).
[[nodiscard]] double memoryBytes(pid_t root);

} // namespace processtree

} // namespace sami::bench
