// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "net/bytestream.h"
#include "route/dialer.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace sami::fuzzing {

class FakeStream;

/// The far end of one connection and what went over it. It outlives the proxy's end.
struct Wire
{
    enum class ProxyEnd { Open, Fin, Closed, Reset };

    bool canHalfClose = true;
    bool isTunnel = false;   ///< dialled for CONNECT
    route::DialRequest wish; ///< of an upstream connection

    QByteArray sent;         ///< everything that the peer said
    QByteArray accepted;     ///< everything that the proxy's write() took
    qsizetype delivered = 0; ///< how much of that the peer got
    bool peerFin = false;    ///< never after an RST
    bool peerReset = false;
    bool isBlocked = false; ///< the kernel takes nothing from the proxy
    ProxyEnd proxyEnd = ProxyEnd::Open;
    int tcpKeepalive = 0;         ///< the last that the proxy set, in seconds
    FakeStream *stream = nullptr; ///< null once it is freed
};
using WirePtr = std::shared_ptr<Wire>;

/// The proxy's end: the contract of ByteStream without a kernel. A wire that can half-close behaves
/// as FdStream does, another one as SocketStream does over TLS.
class FakeStream final : public net::ByteStream
{
public:
    FakeStream(WirePtr wire, net::Budgets &budgets);
    ~FakeStream() override;

    /// One turn of the event loop: tells what there is to tell. False when there is nothing.
    bool turn();

    [[nodiscard]] ReadResult read(char *buffer, qsizetype capacity) override;
    [[nodiscard]] bool isSilent() const override;
    bool write(QByteArrayView bytes) override;
    [[nodiscard]] qsizetype pendingBytes() const override;
    [[nodiscard]] qsizetype undeliveredBytes() const override { return pendingBytes(); }
    void setReadEnabled(bool enabled) override { m_readEnabled = enabled; }
    [[nodiscard]] bool isReadEnabled() const override { return m_readEnabled; }
    void shutdownWrite() override;
    [[nodiscard]] bool canHalfClose() const override { return m_wire->canHalfClose; }
    void close() override;
    void reset() override;
    [[nodiscard]] bool isOpen() const override { return m_isOpen; }
    [[nodiscard]] net::StreamEnd end() const override { return m_end; }
    [[nodiscard]] SocketAddress localAddress() const override;
    [[nodiscard]] SocketAddress peerAddress() const override;
    void setTcpKeepalive(int idleSeconds) override { m_wire->tcpKeepalive = idleSeconds; }

private:
    [[nodiscard]] bool hasUnread() const { return m_read < m_wire->sent.size(); }
    void settle();
    bool flush();
    bool fail();

    WirePtr m_wire;
    qsizetype m_read = 0;
    net::StreamEnd m_end = net::StreamEnd::None;
    bool m_isOpen = true;
    bool m_readEnabled = false;
    bool m_endRead = false;
    bool m_finWanted = false;
    bool m_canSend = true;
    bool m_drainWanted = false;
    bool m_failureTold = false;
    bool m_failureDue = false;
    int m_unheard = 0; ///< how often it told of something and nobody read
};

/// A dialer whose answers the script decides.
class FakeDialer final : public route::Dialer
{
public:
    /// The next dials: fail with that fault, or wait for answer(), or connect.
    std::optional<net::DialFault> fault;
    bool waits = false;
    bool blocks = false; ///< whether new wires take nothing
    QHostAddress resolved;
    QByteArray early;   ///< octets that the dial has left over
    route::Route route; ///< the way of the next dials
    /// Whether a dial is for a tunnel, asked when it begins.
    std::function<bool()> isForTunnel;

    std::vector<WirePtr> wires;

    [[nodiscard]] route::DialPtr dial(const route::DialRequest &request,
                                      route::DialCallback callback) override;
    /// The dial that waits is answered.
    void answer();

private:
    class Operation;
    [[nodiscard]] Result<route::Dialled, net::DialError> outcome(const route::DialRequest &request,
                                                                 bool isTunnel);

    Operation *m_waiting = nullptr;
};

} // namespace sami::fuzzing
