// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

namespace sami {

/// Raises the soft limit on open descriptors to the hard one. Returns the limit then in force, or a
/// large number if the system has none.
[[nodiscard]] qint64 raiseDescriptorLimit();

/// Whether there are no descriptors left for the next step (a folder, a file in it, a socket).
[[nodiscard]] bool lacksDescriptors();

/// Memory this process may use, in octets: the least of the machine's memory, a container's limit
/// (cgroup v1 or v2) and the address space (ulimit -v).
[[nodiscard]] qint64 memoryLimit();

/// Where the address space has a limit (ulimit -v), makes the threads share `count` heaps. The C
/// library otherwise reserves 64 MB of addresses for each thread, and keeps them after its end.
/// Call before the threads start.
void limitHeapsInTightSpace(int count);

/// Returns freed memory to the system where the C library would keep it. Takes milliseconds: call
/// when idle.
void releaseFreedMemory();

/// Drops the unmodified pages of program and libraries from memory. They stay in the page cache and
/// are mapped again one by one when needed. For the end of startup, since most of its code does not
/// run again. (A debugger's breakpoints are lost.)
void releaseUnusedCode();

/// Cores this process may use, given its affinity and a container's CPU quota (cgroup v1 or v2); at
/// least 1.
[[nodiscard]] int usableCores();

} // namespace sami
