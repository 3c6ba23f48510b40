// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/fdconnector.h"
#include "net/fdstream.h"
#include "net/nativestream.h"
#include "net/socketconnector.h"
#include "net/socketstream.h"
#include "net/splicepipe.h"

namespace sami::net {

StreamPtr adoptDescriptor(qintptr descriptor, bool portable)
{
    return portable ? SocketStream::adopt(descriptor)
                    : FdStream::adopt(static_cast<int>(descriptor));
}

void setPipeBudget(int pipes)
{
    SplicePipe::setBudget(pipes);
}

ConnectorPtr makeConnector(const SocketAddress &address, bool tls, bool portable,
                           const std::optional<QHostAddress> &source)
{
    if (portable)
        return ConnectorPtr(new SocketConnector(address, tls, source));
    return ConnectorPtr(new FdConnector(address, source));
}

} // namespace sami::net
