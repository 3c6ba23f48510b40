// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/fdstream.h"

#include "net/budgets.h"
#include "net/nativeaddress.h"
#include "net/tcpoptions.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace sami::net {

namespace {

StreamEnd endOf(int error)
{
    switch (error) {
    case ECONNRESET:
    case ECONNABORTED:
    case EPIPE: // an RST after the peer's FIN, or a write after an RST that was already reported
    case ENOTCONN:
        return StreamEnd::Reset;
    case ETIMEDOUT:
    case EHOSTUNREACH: // the kernel gave up, and a router had told it why
    case EHOSTDOWN:
    case ENETUNREACH:
        return StreamEnd::KeepaliveTimeout;
    default:
        return StreamEnd::Error;
    }
}

bool isWouldBlock(int error)
{
    // One value for both on Linux; POSIX allows two.
    return error == EAGAIN || error == EWOULDBLOCK;
}

} // namespace

StreamPtr FdStream::adopt(int descriptor, Budgets &budgets)
{
    const SocketAddress peer = peerAddressOf(descriptor);
    if (peer.address.isNull()) {
        ::close(descriptor);
        return {};
    }
    // O_NONBLOCK is the only status flag that matters for a socket, so F_GETFL is not needed.
    ::fcntl(descriptor, F_SETFL, O_NONBLOCK);
    return adoptConnected(descriptor, peer, budgets);
}

StreamPtr FdStream::adoptConnected(int descriptor, const SocketAddress &peer, Budgets &budgets)
{
    setNoDelay(descriptor);
    setUrgentInline(descriptor);
    return adoptPrepared(descriptor, peer, budgets);
}

StreamPtr FdStream::adoptPrepared(int descriptor, const SocketAddress &peer, Budgets &budgets)
{
    return StreamPtr(new FdStream(descriptor, peer, budgets));
}

FdStream::FdStream(int descriptor, SocketAddress peer, Budgets &budgets)
    : ByteStream(budgets), m_descriptor(descriptor), m_peer(std::move(peer)),
      m_watch(descriptor, *this)
{}

FdStream::~FdStream()
{
    FdStream::close();
}

ByteStream::ReadResult FdStream::read(char *buffer, qsizetype capacity)
{
    if (!isOpen() || m_endRead)
        return { ReadResult::Status::Ended };
    ssize_t size = 0;
    do {
        size = ::recv(m_descriptor, buffer, static_cast<size_t>(capacity), 0);
    } while (size < 0 && errno == EINTR);
    if (size > 0)
        return { ReadResult::Status::Data, size };
    if (size < 0 && isWouldBlock(errno))
        return { ReadResult::Status::WouldBlock };
    // A write or handleHangUp() may have taken the socket's error already. recv() then returns a
    // plain 0, so what they found counts.
    if (m_end == StreamEnd::None)
        m_end = size == 0 ? StreamEnd::Fin : endOf(errno);
    m_endRead = true;
    if (m_end != StreamEnd::Fin) {
        stopSending();
        m_failureTold = true; // by the return value
    }
    // If nothing is left to learn, the owner usually closes us next, so the system call is saved.
    // If it does not, the next handleReadable() turns the watch off.
    if (!isOver())
        updateWatch();
    return { ReadResult::Status::Ended };
}

bool FdStream::isSilent() const
{
    return isOpen() && m_end == StreamEnd::None && net::isSilent(m_descriptor);
}

bool FdStream::write(QByteArrayView bytes)
{
    if (!isOpen() || m_sending != Sending::Open)
        return false;
    if (pendingBytes() == 0) {
        const qsizetype sent = send(bytes);
        if (sent < 0) {
            breakSending(endOf(errno));
            m_failureTold = true; // by the return value
            return false;
        }
        bytes = bytes.sliced(sent);
    }
    if (!bytes.isEmpty()) {
        m_pending.append(bytes, budgets().pending);
        awaitWritable();
    }
    return true;
}

void FdStream::awaitWritable()
{
    m_watch.want(m_watch.wanted() | Writable);
}

void FdStream::stopAwaitingWritable()
{
    m_watch.want(static_cast<quint8>(m_watch.wanted() & ~Writable));
}

/// Queued, because the listener is never called from inside a call of the stream.
void FdStream::failLater()
{
    m_failing = std::make_unique<QObject>();
    QMetaObject::invokeMethod(
        m_failing.get(), [this] { fail(); }, Qt::QueuedConnection);
}

qsizetype FdStream::spliceFrom(ByteStream &source)
{
    auto *from = dynamic_cast<FdStream *>(&source);
    if (!from || !from->isOpen() || from->m_endRead || !isOpen() || m_sending != Sending::Open
        || pendingBytes() > 0)
        return 0;
    m_pipe = budgets().pipes.take();
    if (!m_pipe)
        return 0;
    const qsizetype moved = m_pipe->fillFrom(from->m_descriptor);
    // The kernel reports a socket's error only once, and that was here. Later, read() would see a
    // FIN.
    if (moved < 0 && !isWouldBlock(errno) && from->m_end == StreamEnd::None
        && endOf(errno) != StreamEnd::Error)
        from->m_end = endOf(errno);
    if (moved <= 0) {
        dropPipe();
        return 0;
    }
    if (emptyPipe())
        return moved;
    if (isWouldBlock(errno)) {
        awaitWritable();
        return moved;
    }
    breakSending(endOf(errno));
    failLater();
    return moved;
}

/// Gives the pipe back once the kernel has taken everything; otherwise false and errno.
bool FdStream::emptyPipe()
{
    if (m_pipe && !m_pipe->emptyInto(m_descriptor))
        return false;
    dropPipe();
    return true;
}

void FdStream::dropPipe()
{
    if (m_pipe)
        budgets().pipes.giveBack(std::move(m_pipe));
}

qsizetype FdStream::pendingBytes() const
{
    return m_pending.size() + (m_pipe ? m_pipe->level() : 0);
}

qsizetype FdStream::send(QByteArrayView bytes)
{
    qsizetype sent = 0;
    while (sent < bytes.size()) {
        const ssize_t size = ::send(m_descriptor, bytes.data() + sent,
                                    static_cast<size_t>(bytes.size() - sent), MSG_NOSIGNAL);
        if (size >= 0) {
            sent += size;
            continue;
        }
        if (errno == EINTR)
            continue;
        if (isWouldBlock(errno))
            break;
        return -1;
    }
    return sent;
}

void FdStream::handleWritable()
{
    if (!isOpen())
        return;
    const bool isPipeEmpty = emptyPipe();
    if (!isPipeEmpty && isWouldBlock(errno))
        return;
    const qsizetype sent = isPipeEmpty ? send(m_pending.view()) : -1;
    if (sent < 0) {
        breakSending(endOf(errno));
        fail();
        return;
    }
    m_pending.take(sent);
    if (pendingBytes() > 0)
        return;
    dropPending();
    stopAwaitingWritable();
    if (m_sending == Sending::FinPending)
        finishSending();
    notifyDrained();
}

void FdStream::handleDescriptorEvent(DescriptorEvent what)
{
    switch (what) {
    case Readable:
        handleReadable();
        break;
    case Writable:
        handleWritable();
        break;
    case HungUp:
        handleHangUp();
        break;
    case Unwatched:
        handleUnwatched();
        break;
    }
}

void FdStream::handleReadable()
{
    if (m_endRead)
        updateWatch(); // read() left Readable on
    else if (isOpen())
        notifyReadable();
}

void FdStream::handleHangUp()
{
    if (!isOpen())
        return;
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(m_descriptor, SOL_SOCKET, SO_ERROR, &error, &size);
    m_hangUpSeen = true;
    if (error == 0) {
        // Both halves are closed, and waiting again would report only that. With Qt's dispatcher it
        // may also be urgent data, which is gone once it is read.
        updateWatch();
        return;
    }
    breakSending(endOf(error));
    fail();
}

/// No later event would show what happens to the connection, so it ends here.
void FdStream::handleUnwatched()
{
    if (!isOpen())
        return;
    m_endRead = true;
    breakSending(StreamEnd::Unwatched);
    fail();
}

void FdStream::breakSending(StreamEnd end)
{
    // Overrides an orderly end: a half-closed connection is now dead.
    if (m_end == StreamEnd::None || m_end == StreamEnd::Fin)
        m_end = end;
    stopSending();
    updateWatch();
}

void FdStream::stopSending()
{
    m_sending = Sending::Broken;
    m_hangUpSeen = true;
    dropPending();
    stopAwaitingWritable();
}

void FdStream::dropPending()
{
    m_pending.clear(budgets().pending);
    dropPipe();
}

void FdStream::fail()
{
    if (m_failureTold)
        return;
    m_failureTold = true;
    notifyFailed();
}

qsizetype FdStream::undeliveredBytes() const
{
    return isOpen() ? pendingBytes() + unacknowledgedBytes(m_descriptor) : 0;
}

void FdStream::setReadEnabled(bool enabled)
{
    m_readEnabled = enabled;
    if (enabled && m_sending != Sending::Broken)
        m_hangUpSeen = false; // what was reported may have been urgent data, and is read now
    updateWatch();
}

/// Matches the watch to what there is to wait for.
void FdStream::updateWatch()
{
    if (!isOpen())
        return;
    const bool wantsRead = m_readEnabled && !m_endRead;
    const bool wantsHangUp = !wantsRead && !m_hangUpSeen && !isOver();
    m_watch.want(static_cast<quint8>((m_watch.wanted() & Writable) | (wantsRead ? Readable : 0)
                                     | (wantsHangUp ? HungUp : 0)));
}

void FdStream::shutdownWrite()
{
    if (!isOpen() || m_sending != Sending::Open)
        return;
    if (pendingBytes() > 0)
        m_sending = Sending::FinPending;
    else
        finishSending();
}

void FdStream::finishSending()
{
    m_sending = Sending::Finished;
    net::shutdownWrite(m_descriptor);
    updateWatch();
}

void FdStream::close()
{
    if (!isOpen())
        return;
    // Before the close: after it the kernel may reuse the number.
    m_watch.endWithClose();
    ::close(std::exchange(m_descriptor, -1));
    dropPending();
}

void FdStream::reset()
{
    if (!isOpen())
        return;
    setResetOnClose(m_descriptor);
    close();
}

SocketAddress FdStream::localAddress() const
{
    return isOpen() ? localAddressOf(m_descriptor) : SocketAddress();
}

void FdStream::setTcpKeepalive(int idleSeconds)
{
    if (isOpen())
        setKeepalive(m_descriptor, idleSeconds);
}

} // namespace sami::net
