// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/scratchbuffer.h"

#include <memory>

namespace sami::net {

char *scratchBuffer()
{
    // On the heap and at the first need: as a plain thread_local array it would be carved out of
    // the stack of every thread, the resolver's and the log's too.
    thread_local const std::unique_ptr<char[]> buffer(new char[scratchSize]);
    return buffer.get();
}

} // namespace sami::net
