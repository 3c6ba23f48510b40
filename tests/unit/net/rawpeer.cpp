// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "rawpeer.h"

#include "net/nativeaddress.h"
#include "net/tcpoptions.h"

#include <QTest>
#include <QTimerEvent>

#include <cerrno>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace sami::test {

namespace {

constexpr qsizetype blockSize = 256 * 1024;

void setBuffer(int descriptor, int option)
{
    const int octets = 16 * 1024;
    ::setsockopt(descriptor, SOL_SOCKET, option, &octets, sizeof octets);
}

} // namespace

RawPeer::RawPeer(int descriptor) : m_descriptor(descriptor)
{
    ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) | O_NONBLOCK);
    m_readNotifier = std::make_unique<QSocketNotifier>(descriptor, QSocketNotifier::Read);
    connect(m_readNotifier.get(), &QSocketNotifier::activated, this,
            [this] { readSome(blockSize); });
    m_writeNotifier = std::make_unique<QSocketNotifier>(descriptor, QSocketNotifier::Write);
    m_writeNotifier->setEnabled(false);
    connect(m_writeNotifier.get(), &QSocketNotifier::activated, this, &RawPeer::writeSome);
}

RawPeer::~RawPeer()
{
    close();
}

void RawPeer::send(const QByteArray &bytes)
{
    m_outgoing += bytes;
    writeSome();
}

void RawPeer::writeSome()
{
    while (m_descriptor >= 0 && !m_outgoing.isEmpty()) {
        const ssize_t size = ::send(m_descriptor, m_outgoing.constData(),
                                    static_cast<size_t>(m_outgoing.size()), MSG_NOSIGNAL);
        if (size < 0 && errno == EAGAIN) {
            m_writeNotifier->setEnabled(true);
            return;
        }
        if (size < 0) {
            m_outgoing.clear();
            break;
        }
        m_outgoing.remove(0, size);
    }
    m_writeNotifier->setEnabled(false);
    if (m_finWanted && m_descriptor >= 0)
        ::shutdown(m_descriptor, SHUT_WR);
}

void RawPeer::sendFin()
{
    m_finWanted = true;
    if (m_outgoing.isEmpty())
        ::shutdown(m_descriptor, SHUT_WR);
}

void RawPeer::sendReset()
{
    net::setResetOnClose(m_descriptor);
    close();
}

void RawPeer::close()
{
    if (m_descriptor < 0)
        return;
    m_readNotifier->setEnabled(false);
    m_writeNotifier->setEnabled(false);
    ::close(std::exchange(m_descriptor, -1));
    m_outgoing.clear();
}

void RawPeer::setReading(bool reading)
{
    m_reading = reading;
    m_readNotifier->setEnabled(reading && m_readLimit == 0);
}

void RawPeer::setReadLimit(qsizetype octets)
{
    m_readLimit = octets;
    setReading(m_reading);
    if (octets > 0)
        startTimer(10);
}

void RawPeer::timerEvent(QTimerEvent *event)
{
    if (m_readLimit == 0 || m_descriptor < 0)
        killTimer(event->timerId());
    else if (m_reading)
        readSome(m_readLimit);
}

void RawPeer::readSome(qsizetype most)
{
    if (m_descriptor < 0 || sawFin || error != 0)
        return;
    QByteArray block(most, Qt::Uninitialized);
    const ssize_t size = ::recv(m_descriptor, block.data(), static_cast<size_t>(most), 0);
    if (size > 0) {
        receivedSize += size;
        if (keepsReceived)
            received += block.first(size);
        return;
    }
    if (size < 0 && errno == EAGAIN)
        return;
    if (size == 0)
        sawFin = true;
    else
        error = errno;
    m_readNotifier->setEnabled(false);
}

bool RawPeer::sawReset() const
{
    return error == ECONNRESET;
}

bool RawPeer::wasReset() const
{
    tcp_info info {};
    socklen_t size = sizeof info;
    ::getsockopt(m_descriptor, IPPROTO_TCP, TCP_INFO, &info, &size);
    return info.tcpi_state == TCP_CLOSE;
}

SocketAddress RawPeer::localAddress() const
{
    return net::localAddressOf(m_descriptor);
}

qsizetype RawPeer::undelivered() const
{
    return unsent() + net::unacknowledgedBytes(m_descriptor);
}

RawListener::RawListener(const QHostAddress &address, int backlog, quint16 port)
{
    const net::NativeAddress native = net::toNative({ address, port });
    m_descriptor = ::socket(native.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP);
    const int reuse = 1;
    ::setsockopt(m_descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof reuse);
    if (::bind(m_descriptor, native.data(), native.size) != 0
        || ::listen(m_descriptor, backlog) != 0) {
        ::close(std::exchange(m_descriptor, -1));
        return;
    }
    m_address = net::localAddressOf(m_descriptor);
}

RawListener::~RawListener()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

bool RawListener::hasPending(int milliseconds) const
{
    pollfd entry { m_descriptor, POLLIN, 0 };
    return ::poll(&entry, 1, milliseconds) == 1;
}

int RawListener::accept()
{
    constexpr int limit = 5'000;
    return hasPending(limit) ? ::accept4(m_descriptor, nullptr, nullptr, SOCK_CLOEXEC) : -1;
}

int connectRaw(const SocketAddress &address, Buffers buffers)
{
    const net::NativeAddress native = net::toNative(address);
    const int descriptor =
        ::socket(native.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP);
    if (buffers == Buffers::Small)
        setBuffer(descriptor, SO_RCVBUF);
    if (::connect(descriptor, native.data(), native.size) == 0)
        return descriptor;
    ::close(descriptor);
    return -1;
}

net::Budgets &budgets()
{
    static net::Budgets ofTheTest;
    return ofTheTest;
}

Pair makePair(bool portable, Buffers buffers)
{
    RawListener listener;
    auto peer = std::make_unique<RawPeer>(connectRaw(listener.address(), buffers));
    const int accepted = listener.accept();
    if (buffers == Buffers::Small)
        setBuffer(accepted, SO_SNDBUF);
    return { net::adoptDescriptor(accepted, portable, budgets()), std::move(peer) };
}

void waitUntilSettled(const std::function<qsizetype()> &number)
{
    constexpr int enough = 5;
    qsizetype last = number();
    for (int same = 0; same < enough;) {
        QTest::qWait(20);
        same = std::exchange(last, number()) == last ? same + 1 : 0;
    }
}

QByteArray pattern(qsizetype size)
{
    QByteArray bytes(size, Qt::Uninitialized);
    quint32 state = 2463534242;
    for (char &octet : bytes) {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        octet = static_cast<char>(state);
    }
    return bytes;
}

} // namespace sami::test
