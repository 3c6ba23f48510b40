// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/tcpoptions.h"

#include <array>
#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#if defined(Q_OS_LINUX)
#include <linux/sockios.h>
#endif

namespace sami::net {

namespace {

void setOption(qintptr descriptor, int level, int name, int value)
{
    ::setsockopt(static_cast<int>(descriptor), level, name, &value, sizeof value);
}

} // namespace

void setNoDelay(qintptr descriptor)
{
    setOption(descriptor, IPPROTO_TCP, TCP_NODELAY, 1);
}

void setUrgentInline(qintptr descriptor)
{
    setOption(descriptor, SOL_SOCKET, SO_OOBINLINE, 1);
}

void setKeepalive(qintptr descriptor, int idleSeconds)
{
    if (idleSeconds <= 0) {
        setOption(descriptor, SOL_SOCKET, SO_KEEPALIVE, 0);
        return;
    }
#if defined(TCP_KEEPIDLE)
    setOption(descriptor, IPPROTO_TCP, TCP_KEEPIDLE, idleSeconds);
#elif defined(TCP_KEEPALIVE) // macOS's name for it
    setOption(descriptor, IPPROTO_TCP, TCP_KEEPALIVE, idleSeconds);
#endif
#if defined(TCP_KEEPINTVL)
    setOption(descriptor, IPPROTO_TCP, TCP_KEEPINTVL, keepaliveIntervalSeconds);
    setOption(descriptor, IPPROTO_TCP, TCP_KEEPCNT, keepaliveProbes);
#endif
    setOption(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1);
}

bool setForArrivals(qintptr listener, int idleSeconds)
{
#if defined(Q_OS_LINUX) // elsewhere inheritance depends on the option
    setNoDelay(listener);
    setUrgentInline(listener);
    setKeepalive(listener, idleSeconds);
    return true;
#else
    Q_UNUSED(listener)
    Q_UNUSED(idleSeconds)
    return false;
#endif
}

void setResetOnClose(qintptr descriptor)
{
    const linger reset { 1, 0 };
    ::setsockopt(static_cast<int>(descriptor), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
}

void shutdownWrite(qintptr descriptor)
{
    ::shutdown(static_cast<int>(descriptor), SHUT_WR);
}

bool tellsUnacknowledgedBytes()
{
#if defined(SIOCOUTQ) || defined(SO_NWRITE)
    return true;
#else
    return false;
#endif
}

qsizetype unacknowledgedBytes(qintptr descriptor)
{
    int bytes = 0;
#if defined(SIOCOUTQ)
    if (::ioctl(static_cast<int>(descriptor), SIOCOUTQ, &bytes) != 0)
        return 0;
#elif defined(SO_NWRITE) // macOS
    socklen_t size = sizeof bytes;
    if (::getsockopt(static_cast<int>(descriptor), SOL_SOCKET, SO_NWRITE, &bytes, &size) != 0)
        return 0;
#endif
    return bytes;
}

bool isSilent(qintptr descriptor)
{
    char octet = 0;
    ssize_t size = 0;
    do {
        size = ::recv(static_cast<int>(descriptor), &octet, 1, MSG_PEEK);
    } while (size < 0 && errno == EINTR);
    // One value for both on Linux; POSIX allows two.
    return size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

void closeDescriptor(qintptr descriptor)
{
    ::close(static_cast<int>(descriptor));
}

void closeWithWords(qintptr descriptor, QByteArrayView words)
{
    const int socket = static_cast<int>(descriptor);
#if defined(MSG_NOSIGNAL)
    constexpr int flags = MSG_DONTWAIT | MSG_NOSIGNAL;
#else
    constexpr int flags = MSG_DONTWAIT;
#endif
    [[maybe_unused]] const ssize_t sent =
        ::send(socket, words.data(), static_cast<size_t>(words.size()), flags);
    ::shutdown(socket, SHUT_WR);
    // Unread input would make close() send RST, so what has arrived is read first.
    std::array<char, 4096> dropped;
    [[maybe_unused]] const ssize_t received =
        ::recv(socket, dropped.data(), dropped.size(), MSG_DONTWAIT);
    ::close(socket);
}

} // namespace sami::net
