// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/nativeaccept.h"
#include "net/nativeaddress.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/socket.h>

namespace sami::net {

namespace {

int acceptOne(int listener, NativeAddress &peer)
{
    peer.size = sizeof peer.storage;
#if defined(SOCK_CLOEXEC)
    return ::accept4(listener, peer.data(), &peer.size, SOCK_CLOEXEC | SOCK_NONBLOCK);
#else // macOS
    const int descriptor = ::accept(listener, peer.data(), &peer.size);
    if (descriptor >= 0)
        ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    return descriptor;
#endif
}

/// Errors after which accept(2) can be repeated at once: an interruption, and those of the accepted
/// connection itself, which Linux reports here.
bool mayAcceptAgain(int error)
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

AcceptResult acceptConnection(qintptr listener)
{
    NativeAddress peer;
    for (;;) {
        const int descriptor = acceptOne(static_cast<int>(listener), peer);
        if (descriptor >= 0)
            return { AcceptResult::Status::Connection, descriptor, fromNative(peer) };
        if (errno == EAGAIN || errno == EWOULDBLOCK)
            return {};
        if (!mayAcceptAgain(errno))
            return { AcceptResult::Status::Failed, -1, {}, errno };
    }
}

SocketAddress peerOf(qintptr descriptor)
{
    return peerAddressOf(static_cast<int>(descriptor));
}

} // namespace sami::net
