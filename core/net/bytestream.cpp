// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/bytestream.h"

namespace sami::net {

const char *toString(StreamEnd end)
{
    switch (end) {
    case StreamEnd::None:
        return "none";
    case StreamEnd::Fin:
        return "fin";
    case StreamEnd::Reset:
        return "reset";
    case StreamEnd::KeepaliveTimeout:
        return "keepalive";
    case StreamEnd::Truncated:
        return "truncated";
    case StreamEnd::Error:
        return "error";
    case StreamEnd::Unwatched:
        return "unwatched";
    }
    return "error";
}

ByteStream::~ByteStream() = default;

void ByteStream::notifyReadable()
{
    if (m_listener)
        m_listener->handleReadable(*this);
}

void ByteStream::notifyDrained()
{
    if (m_listener)
        m_listener->handleDrained(*this);
}

void ByteStream::notifyFailed()
{
    if (m_listener)
        m_listener->handleFailed(*this);
}

qsizetype ByteStream::spliceFrom(ByteStream &)
{
    return 0;
}

void ByteStream::letGo()
{
    // The owner has released it: events still on their way must find no listener.
    setListener(nullptr);
    close();
}

} // namespace sami::net
