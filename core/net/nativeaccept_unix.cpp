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

/// After so many errors in a row something else is wrong, and the listener has to rest after all.
constexpr int mostSkipped = 256;

/// Errors after which accept(2) can be repeated at once: an interruption, and the network errors of
/// the new connection itself, which Linux reports here (its accept(2) lists them).
bool mayAcceptAgain(int error)
{
    switch (error) {
    case EINTR:
    case ECONNABORTED:
    case EHOSTDOWN:
    case EHOSTUNREACH:
    case ENETDOWN:
    case ENETUNREACH:
#if defined(ENONET)
    case ENONET:
#endif
    case ENOPROTOOPT:
    case EOPNOTSUPP:
    case EPROTO:
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
    for (int skipped = 0;; ++skipped) {
        const int descriptor = acceptOne(static_cast<int>(listener), peer);
        if (descriptor >= 0)
            return { AcceptResult::Status::Connection, descriptor, fromNative(peer) };
        if (errno == EAGAIN || errno == EWOULDBLOCK)
            return {};
        if (!mayAcceptAgain(errno) || skipped == mostSkipped)
            return { AcceptResult::Status::Failed, -1, {}, errno };
    }
}

SocketAddress peerOf(qintptr descriptor)
{
    return peerAddressOf(static_cast<int>(descriptor));
}

} // namespace sami::net
