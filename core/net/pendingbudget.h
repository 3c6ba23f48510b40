// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

namespace sami::net {

// What the streams of this process together keep of octets that their peers do not take. One
// stream keeps one read of its other leg at most; thousands of clients that stop reading would
// have the product. Over the budget reads become small, so that each later one keeps little;
// nobody is cut or refused for a body. A head is written whole: who does not take a large one
// is cut then.
//
// Counted is what they take of the heap. Thread-safe: one counter, touched only where the kernel
// took less than it was given.

/// Octets; until the first call there is no limit.
void setPendingBudget(qint64 octets);

/// That many octets more are kept, or less when negative.
void countPending(qint64 octets);

/// Whether all together keep more than they may.
[[nodiscard]] bool isPendingOverdrawn();

/// What one read may take whose octets go to another leg: scratchSize, or 4 KiB while the budget is
/// overdrawn.
[[nodiscard]] qsizetype forwardingReadSize();

} // namespace sami::net
