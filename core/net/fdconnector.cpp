// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/fdconnector.h"

#include "net/fdstream.h"
#include "net/nativeaddress.h"

#include <cerrno>
#include <fstream>
#include <limits>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace sami::net {

namespace {

DialFault faultOf(int error)
{
    switch (error) {
    case ECONNREFUSED:
        return DialFault::ConnectionRefused;
    case ETIMEDOUT:
        return DialFault::ConnectTimeout;
    case ECONNRESET:
    case ECONNABORTED:
    case EPIPE:
        return DialFault::ConnectionReset;
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
    case EADDRINUSE: // bind(): no port is left
        return DialFault::OutOfResources;
    default: // ENETUNREACH, EHOSTUNREACH, EAFNOSUPPORT, a firewall's EACCES, …
        return DialFault::Unreachable;
    }
}

/// Whether the system may choose this port for our connections. True for every port if it does not
/// say. Reads the range once.
bool isEphemeral(quint16 port)
{
    static const auto range = [] {
        std::pair<int, int> ports { 0, std::numeric_limits<quint16>::max() };
        std::ifstream file("/proc/sys/net/ipv4/ip_local_port_range"); // for IPv6 too
        int first = 0;
        int last = 0;
        if (file >> first >> last)
            ports = { first, last };
        return ports;
    }();
    return port >= range.first && port <= range.second;
}

} // namespace

FdConnector::FdConnector(const SocketAddress &address, const std::optional<QHostAddress> &source)
    : m_address(address), m_source(source)
{}

FdConnector::~FdConnector()
{
    FdConnector::end();
}

void FdConnector::begin()
{
    const NativeAddress native = toNative(m_address);
    m_descriptor =
        ::socket(native.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
    if (m_descriptor < 0) {
        failLater(faultOf(errno));
        return;
    }
    if (m_source && !bindTo(*m_source)) {
        failLater(errno == EADDRNOTAVAIL ? DialFault::SourceUnavailable : faultOf(errno));
        return;
    }
    // An interrupted connect() continues by itself, as if in progress.
    if (::connect(m_descriptor, native.data(), native.size) != 0 && errno != EINPROGRESS
        && errno != EINTR) {
        if (errno != EADDRNOTAVAIL)
            failLater(faultOf(errno));
        else // with an address of our own, ports are what is lacking
            failLater(m_source ? DialFault::OutOfResources : faultWithoutLocalAddress(m_address));
        return;
    }
    // A connection that succeeds at once is writable at once.
    m_watch.emplace(m_descriptor, static_cast<DescriptorListener &>(*this));
    m_watch->want(Writable);
}

bool FdConnector::bindTo(const QHostAddress &source) const
{
    // Lets connect() choose the port, since it knows the destination: each destination then has all
    // ports, as without bind(). The option applies to IPv6 sockets too.
    const int withoutPort = 1;
    ::setsockopt(m_descriptor, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &withoutPort,
                 sizeof withoutPort);
    const NativeAddress native = toNative({ source, 0 });
    return ::bind(m_descriptor, native.data(), native.size) == 0;
}

int FdConnector::takeError() const
{
    int error = 0;
    socklen_t size = sizeof error;
    if (::getsockopt(m_descriptor, SOL_SOCKET, SO_ERROR, &error, &size) != 0)
        error = errno;
    return error;
}

void FdConnector::handleDescriptorEvent(DescriptorEvent what)
{
    if (what == Unwatched)
        conclude(connectError(DialFault::OutOfResources));
    else
        tellOutcome();
    // Not before conclude(): a stream that was taken has started its own watch there, so the
    // dispatcher sees a changed interest instead of a removal and an addition.
    m_watch->want(0);
}

void FdConnector::tellOutcome()
{
    // Writable without hang-up or error means that TCP is connected.
    const int error = m_watch->isKnownHealthy() ? 0 : takeError();
    if (error != 0) {
        conclude(connectError(faultOf(error)));
        return;
    }
    // A socket can connect to itself, if nobody listens on that port and the system has picked the
    // same port for our end. Such a connection would echo everything.
    if (isEphemeral(m_address.port) && localAddressOf(m_descriptor) == m_address) {
        conclude(connectError(DialFault::ConnectionRefused));
        return;
    }
    conclude({});
}

/// Queued, because the owner is never called from inside start().
void FdConnector::failLater(DialFault fault)
{
    m_failing = std::make_unique<QObject>();
    QMetaObject::invokeMethod(
        m_failing.get(), [this, fault] { conclude(connectError(fault)); }, Qt::QueuedConnection);
}

void FdConnector::end()
{
    if (m_descriptor < 0)
        return;
    if (m_watch)
        m_watch->endWithClose();
    ::close(std::exchange(m_descriptor, -1));
}

StreamPtr FdConnector::takeStream(Budgets &budgets)
{
    return FdStream::adoptConnected(std::exchange(m_descriptor, -1), m_address, budgets);
}

} // namespace sami::net
