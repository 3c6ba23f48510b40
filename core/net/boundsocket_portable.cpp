// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/boundsocket.h"

namespace sami::net {

bool canBindAlone()
{
    return false;
}

Result<Descriptor, QString> bindSocket(const SocketAddress &)
{
    return Unexpected(QStringLiteral("not on this platform"));
}

Result<void, QString> startListening(const Descriptor &, int)
{
    return Unexpected(QStringLiteral("not on this platform"));
}

void pauseListening(const Descriptor &) {}

SocketAddress boundAddressOf(const Descriptor &)
{
    return {};
}

int waitingConnections(const Descriptor &)
{
    return 0;
}

} // namespace sami::net
