// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "net/bytestream.h"
#include "net/descriptorwatch.h"
#include "net/splicepipe.h"

#include <QByteArray>
#include <QObject>

#include <memory>

namespace sami::net {

/// Plain TCP on a bare non-blocking descriptor (Linux). It has what a QTcpSocket lacks: half-close
/// in both directions, the exact reason of an end, and no buffer as long as the kernel takes what
/// is written.
///
/// Watching starts with the first setReadEnabled(), either way. A stream that is paused or has
/// had the peer's FIN waits for what is Exceptional, which is how it learns of a reset; a hang-up
/// without an error wakes it once and then no more. After handleFailed() what had arrived before
/// the reset can still be read, until read() says Ended. After read() said Ended there is no more
/// handleReadable(). What is public is the contract of ByteStream.
class FdStream final : public ByteStream, private DescriptorListener
{
public:
    /// Takes over a connected TCP descriptor; closes it and returns null if it is none.
    [[nodiscard]] static StreamPtr adopt(int descriptor, Budgets &budgets);
    /// The same for one that is known to be connected to `peer` and non-blocking.
    [[nodiscard]] static StreamPtr adoptConnected(int descriptor, const SocketAddress &peer,
                                                  Budgets &budgets);
    /// The same for one whose options are set, as a listener hands them on.
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
    /// What we may still send.
    enum class Sending {
        Open,
        FinPending, ///< shutdownWrite() was asked for, octets are pending before it
        Finished,   ///< FIN is sent
        Broken,     ///< the peer is gone
    };

    FdStream(int descriptor, SocketAddress peer, Budgets &budgets);

    void handleHappening(Happening what) override;
    void handleReadable();
    void handleWritable();
    void handleException();

    /// Sends what the kernel takes; -1 when the peer is gone.
    [[nodiscard]] qsizetype send(QByteArrayView bytes);
    void keep(QByteArrayView bytes);
    [[nodiscard]] bool emptyPipe();
    void dropPipe();
    void awaitWritable();
    void stopAwaitingWritable();
    void failLater();
    void dropPending();
    void finishSending();
    void breakSending(int error);
    void stopSending();
    void fail();
    /// With both halves closed there is nothing left to learn, only a hang-up that stays.
    [[nodiscard]] bool isOver() const { return m_endRead && m_sending == Sending::Finished; }
    void watch();

    int m_descriptor;
    StreamEnd m_end = StreamEnd::None;
    Sending m_sending = Sending::Open;
    bool m_readEnabled = false;
    bool m_endRead = false;    ///< read() said Ended
    bool m_hangUpSeen = false; ///< nothing more can be learnt of a reset
    bool m_failureTold = false;
    QByteArray m_pending;
    qsizetype m_sent = 0; ///< how much of m_pending the kernel has
    std::unique_ptr<SplicePipe>
        m_pipe; ///< while something is in it, which goes out before m_pending
    SocketAddress m_peer;
    DescriptorWatch m_watch;
    std::unique_ptr<QObject> m_failing; ///< what a failure is told by later
};

} // namespace sami::net
