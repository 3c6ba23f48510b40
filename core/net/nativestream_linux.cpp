// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/fdconnector.h"
#include "net/fdstream.h"
#include "net/nativestream.h"
#include "net/socketconnector.h"
#include "net/socketstream.h"

namespace sami::net {

StreamPtr adoptDescriptor(qintptr descriptor, bool portable, Budgets &budgets)
{
    return portable ? SocketStream::adopt(descriptor, budgets)
                    : FdStream::adopt(static_cast<int>(descriptor), budgets);
}

StreamPtr adoptAccepted(const AcceptedSocket &socket, bool portable, int keepaliveSeconds,
                        Budgets &budgets)
{
    const auto descriptor = static_cast<int>(socket.descriptor);
    StreamPtr stream;
    if (portable || socket.peer.address.isNull())
        stream = adoptDescriptor(descriptor, portable, budgets);
    else if (socket.keepaliveSeconds)
        stream = FdStream::adoptPrepared(descriptor, socket.peer, budgets);
    else
        stream = FdStream::adoptConnected(descriptor, socket.peer, budgets);
    if (stream && socket.keepaliveSeconds != keepaliveSeconds)
        stream->setTcpKeepalive(keepaliveSeconds);
    return stream;
}

ConnectorPtr makeConnector(const SocketAddress &address, bool, bool portable,
                           const std::optional<QHostAddress> &source)
{
    if (portable)
        return ConnectorPtr(new SocketConnector(address, false, source));
    return ConnectorPtr(new FdConnector(address, source));
}

} // namespace sami::net
