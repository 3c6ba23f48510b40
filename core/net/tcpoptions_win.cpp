// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/tcpoptions.h"

#include <mstcpip.h> // needs types from the header above
#include <winsock2.h>

namespace sami::net {

namespace {

constexpr ULONG millisecondsPerSecond = 1000;

} // namespace

void setNoDelay(qintptr descriptor)
{
    const BOOL on = TRUE;
    ::setsockopt(static_cast<SOCKET>(descriptor), IPPROTO_TCP, TCP_NODELAY,
                 reinterpret_cast<const char *>(&on), sizeof on);
}

void setUrgentInline(qintptr descriptor)
{
    const BOOL on = TRUE;
    ::setsockopt(static_cast<SOCKET>(descriptor), SOL_SOCKET, SO_OOBINLINE,
                 reinterpret_cast<const char *>(&on), sizeof on);
}

void setKeepalive(qintptr descriptor, int idleSeconds)
{
    // Windows fixes the number of probes (10 since Vista).
    tcp_keepalive values {};
    values.onoff = idleSeconds > 0 ? 1 : 0;
    values.keepalivetime = static_cast<ULONG>(qMax(idleSeconds, 1)) * millisecondsPerSecond;
    values.keepaliveinterval = static_cast<ULONG>(keepaliveIntervalSeconds) * millisecondsPerSecond;
    DWORD returned = 0;
    ::WSAIoctl(static_cast<SOCKET>(descriptor), SIO_KEEPALIVE_VALS, &values, sizeof values, nullptr,
               0, &returned, nullptr, nullptr);
}

bool setForArrivals(qintptr, int)
{
    return false;
}

void setResetOnClose(qintptr descriptor)
{
    const LINGER reset { 1, 0 };
    ::setsockopt(static_cast<SOCKET>(descriptor), SOL_SOCKET, SO_LINGER,
                 reinterpret_cast<const char *>(&reset), sizeof reset);
}

void shutdownWrite(qintptr descriptor)
{
    ::shutdown(static_cast<SOCKET>(descriptor), SD_SEND);
}

bool tellsUnacknowledgedBytes()
{
    return false;
}

qsizetype unacknowledgedBytes(qintptr)
{
    return 0;
}

bool isSilent(qintptr descriptor)
{
    char octet = 0;
    return ::recv(static_cast<SOCKET>(descriptor), &octet, 1, MSG_PEEK) == SOCKET_ERROR
        && ::WSAGetLastError() == WSAEWOULDBLOCK;
}

void closeDescriptor(qintptr descriptor)
{
    ::closesocket(static_cast<SOCKET>(descriptor));
}

void closeWithWords(qintptr descriptor, QByteArrayView words)
{
    // Non-blocking, like the listening socket; an empty send buffer would take this anyway.
    const auto socket = static_cast<SOCKET>(descriptor);
    ::send(socket, words.data(), static_cast<int>(words.size()), 0);
    ::shutdown(socket, SD_SEND);
    ::closesocket(socket);
}

} // namespace sami::net
