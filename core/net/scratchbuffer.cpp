// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/scratchbuffer.h"

#include "base/perthreadbuffer.h"

namespace sami::net {

namespace {

struct Scratch;

} // namespace

char *scratchBuffer()
{
    // Allocated on first use: not every thread reads.
    QByteArray &buffer = perThreadBuffer<Scratch>();
    if (buffer.isEmpty())
        buffer = QByteArray(scratchSize, Qt::Uninitialized);
    return buffer.data();
}

} // namespace sami::net
