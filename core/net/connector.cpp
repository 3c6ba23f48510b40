// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/connector.h"

#include <QNetworkProxy>
#include <QUdpSocket>

namespace sami::net {

Connector::~Connector() = default;

DialError connectError(DialFault fault)
{
    switch (fault) {
    case DialFault::ConnectionRefused:
        return { fault, "the connection was refused" };
    case DialFault::ConnectTimeout:
        return { fault, "the host does not answer" };
    case DialFault::Unreachable:
        return { fault, "the host cannot be reached from here" };
    case DialFault::ConnectionReset:
        return { fault, "the connection was reset" };
    case DialFault::OutOfResources:
        return { fault, "the proxy has run out of connections", Blame::Ourselves };
    case DialFault::SourceUnavailable:
        return { fault, "this machine no longer has the address in PROXY_SOURCE_ADDRESS",
                 Blame::Ourselves };
    default:
        return { fault, "the connection failed" };
    }
}

DialFault faultWithoutLocalAddress(const SocketAddress &destination)
{
    // Connecting a UDP socket sends nothing. It takes the same route, but its ports are separate.
    QUdpSocket probe;
    probe.setProxy(QNetworkProxy::NoProxy);
    probe.connectToHost(destination.address, destination.port);
    return probe.state() == QAbstractSocket::ConnectedState ? DialFault::OutOfResources
                                                            : DialFault::Unreachable;
}

} // namespace sami::net
