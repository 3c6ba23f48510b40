// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "net/bytestream.h"
#include "net/descriptorwatch.h"
#include "net/pendingoctets.h"
#include "net/splicepipe.h"

#include <QObject>

#include <memory>

namespace sami::net {

/// Plain TCP on a bare non-blocking descriptor (Linux). Unlike QTcpSocket it half-closes in both
/// directions, knows the exact reason of an end, and needs no buffer while the kernel takes what is
/// written.
///
/// The first setReadEnabled(), with either value, starts the watching. While reading is paused or
/// after the peer's FIN, it waits for HungUp to learn of a reset; a hang-up without an error wakes
/// it only once until reading resumes. After handleFailed(), data from before the reset can still
/// be read until read() returns Ended. After that there is no more handleReadable(). If the kernel
/// does not watch the descriptor, the stream fails as Unwatched and reads nothing more. The public
/// functions are ByteStream's contract.
class FdStream final : public ByteStream, private DescriptorListener
{
public:
    /// Takes ownership of a connected TCP descriptor. If it is not one, closes it and returns null.
    [[nodiscard]] static StreamPtr adopt(int descriptor, Budgets &budgets);
    /// The same for one known to be connected to `peer` and non-blocking.
    [[nodiscard]] static StreamPtr adoptConnected(int descriptor, const SocketAddress &peer,
                                                  Budgets &budgets);
    /// The same for one that has also inherited all options from its listener.
    [[nodiscard]] static StreamPtr adoptPrepared(int descriptor, const SocketAddress &peer,
                                                 Budgets &budgets);
    ~FdStream() override;

    [[nodiscard]] ReadResult read(char *buffer, qsizetype capacity) override;
    [[nodiscard]] bool isSilent() const override;
    bool write(QByteArrayView bytes) override;
    [[nodiscard]] qsizetype spliceFrom(ByteStream &source) override;
    [[nodiscard]] qsizetype pendingBytes() const override;
    [[nodiscard]] qsizetype undeliveredBytes() const override;
    void setReadEnabled(bool enabled) override;
    [[nodiscard]] bool isReadEnabled() const override { return m_readEnabled; }
    void shutdownWrite() override;
    [[nodiscard]] bool canHalfClose() const override { return true; }
    void close() override;
    void reset() override;
    [[nodiscard]] bool isOpen() const override { return m_descriptor >= 0; }
    [[nodiscard]] StreamEnd end() const override { return m_end; }
    [[nodiscard]] SocketAddress localAddress() const override;
    [[nodiscard]] SocketAddress peerAddress() const override { return m_peer; }
    void setTcpKeepalive(int idleSeconds) override;

private:
    /// The state of our sending half.
    enum class Sending {
        Open,
        FinPending, ///< shutdownWrite() was called while octets were pending
        Finished,   ///< FIN was sent
        Broken,     ///< the peer is gone
    };

    FdStream(int descriptor, SocketAddress peer, Budgets &budgets);

    void handleDescriptorEvent(DescriptorEvent what) override;
    void handleReadable();
    void handleWritable();
    void handleHangUp();
    void handleUnwatched();

    /// Sends what the kernel takes; -1 if the peer is gone.
    [[nodiscard]] qsizetype send(QByteArrayView bytes);
    [[nodiscard]] bool emptyPipe();
    void dropPipe();
    void awaitWritable();
    void stopAwaitingWritable();
    void failLater();
    void dropPending();
    void finishSending();
    void breakSending(StreamEnd end);
    void stopSending();
    void fail();
    /// Both halves are closed: nothing is left to learn but a permanent hang-up.
    [[nodiscard]] bool isOver() const { return m_endRead && m_sending == Sending::Finished; }
    void updateWatch();

    int m_descriptor;
    StreamEnd m_end = StreamEnd::None;
    Sending m_sending = Sending::Open;
    bool m_readEnabled = false;
    bool m_endRead = false;    ///< read() returned Ended
    bool m_hangUpSeen = false; ///< waiting for HungUp would tell nothing more
    bool m_failureTold = false;
    PendingOctets m_pending;
    std::unique_ptr<SplicePipe>
        m_pipe; ///< only while it holds octets, which go out before m_pending
    SocketAddress m_peer;
    DescriptorWatch m_watch;
    std::unique_ptr<QObject> m_failing; ///< context of a failure's queued report
};

} // namespace sami::net
