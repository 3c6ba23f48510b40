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

ConnectorPtr makeConnector(const SocketAddress &address, bool tls, bool portable,
                           const std::optional<QHostAddress> &source)
{
    if (portable)
        return ConnectorPtr(new SocketConnector(address, tls, source));
    return ConnectorPtr(new FdConnector(address, source));
}

} // namespace sami::net
