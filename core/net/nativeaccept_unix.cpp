// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/nativeaccept.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/socket.h>

namespace sami::net {

namespace {

int acceptOne(int listener)
{
#if defined(SOCK_CLOEXEC)
    return ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
#else // macOS
    const int descriptor = ::accept(listener, nullptr, nullptr);
    if (descriptor >= 0)
        ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    return descriptor;
#endif
}

/// Errors of that one connection, which Linux passes on through accept(2).
bool isOfTheConnection(int error)
{
    switch (error) {
    case EINTR:
    case ECONNABORTED:
    case EPROTO:
    case ENETDOWN:
    case ENETUNREACH:
    case EHOSTUNREACH:
    case ETIMEDOUT:
        return true;
    default:
        return false;
    }
}

} // namespace

bool canAcceptNatively()
{
    return true;
}

Accepted acceptConnection(qintptr listener)
{
    for (;;) {
        const int descriptor = acceptOne(static_cast<int>(listener));
        if (descriptor >= 0)
            return { Accepted::Status::Connection, descriptor };
        if (errno == EAGAIN || errno == EWOULDBLOCK)
            return {};
        if (!isOfTheConnection(errno))
            return { Accepted::Status::Failed, -1, errno };
    }
}

} // namespace sami::net
