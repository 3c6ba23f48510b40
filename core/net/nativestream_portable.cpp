// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/nativestream.h"
#include "net/socketconnector.h"
#include "net/socketstream.h"

namespace sami::net {

StreamPtr adoptDescriptor(qintptr descriptor, bool, Budgets &budgets)
{
    return SocketStream::adopt(descriptor, budgets);
}

StreamPtr adoptAccepted(const AcceptedSocket &socket, bool portable, int keepaliveSeconds,
                        Budgets &budgets)
{
    StreamPtr stream = adoptDescriptor(socket.descriptor, portable, budgets);
    if (stream)
        stream->setTcpKeepalive(keepaliveSeconds);
    return stream;
}

ConnectorPtr makeConnector(const SocketAddress &address, bool tls, bool,
                           const std::optional<QHostAddress> &source)
{
    return ConnectorPtr(new SocketConnector(address, tls, source));
}

} // namespace sami::net
