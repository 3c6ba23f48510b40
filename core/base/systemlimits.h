// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

namespace sami {

/// Raises the soft limit on open descriptors to the hard one and returns what is allowed then;
/// a large number where the system has no such limit.
[[nodiscard]] qint64 raiseDescriptorLimit();

/// Whether the next few descriptors (a folder, a file in it, a socket) cannot be had right now.
[[nodiscard]] bool lacksDescriptors();

/// Memory this process may use, in octets: the machine's, a container's limit (cgroup v1 or v2)
/// and the address space (ulimit -v) counted.
[[nodiscard]] qint64 memoryLimit();

/// Where the address space has a limit (ulimit -v): lets the threads share `count` heaps. The C
/// library reserves 64 MB of addresses for each thread that has its own, and keeps them when the
/// thread is gone. Before the threads start.
void limitHeapsInTightSpace(int count);

/// Gives memory that was freed back to the system, where the C library keeps it otherwise. Takes
/// milliseconds: for quiet moments.
void releaseFreedMemory();

/// Lets go of the pages of program and libraries that nobody has changed. They stay in the system's
/// page cache, and those that are still needed come back from there one by one: for the end of a
/// start, most of whose code does not run again. (A debugger's breakpoints are such changes, and
/// are lost.)
void releaseUnusedCode();

/// Cores this process may use: affinity and a container's CPU quota (cgroup v1 or v2) counted,
/// at least 1.
[[nodiscard]] int usableCores();

} // namespace sami
