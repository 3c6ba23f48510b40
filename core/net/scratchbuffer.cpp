// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/scratchbuffer.h"

#include <QByteArray>

namespace sami::net {

char *scratchBuffer()
{
    // On the heap and at the first need: as a plain thread_local array it would be carved out of
    // the stack of every thread, the resolver's and the log's too.
    thread_local QByteArray buffer(scratchSize, Qt::Uninitialized);
    return buffer.data();
}

} // namespace sami::net
