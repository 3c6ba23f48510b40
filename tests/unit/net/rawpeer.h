// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"
#include "net/budgets.h"
#include "net/bytestream.h"

#include <QByteArray>
#include <QObject>
#include <QSocketNotifier>

#include <functional>
#include <memory>

namespace sami::test {

/// The other end of a connection on a plain socket, driven by the test's event loop. Sends as fast
/// as the kernel accepts, reads while told to, and distinguishes FIN from RST.
class RawPeer : public QObject
{
    Q_OBJECT

public:
    /// Takes a connected socket over.
    explicit RawPeer(int descriptor);
    ~RawPeer() override;

    void send(const QByteArray &bytes);
    [[nodiscard]] qsizetype unsent() const { return m_outgoing.size(); }
    /// Sends FIN after the unsent data.
    void sendFin();
    void sendReset();
    void close();
    void setReading(bool reading);
    /// At most that many bytes every 10 ms; 0: no limit.
    void setReadLimit(qsizetype octets);

    QByteArray received;
    qsizetype receivedSize = 0;
    bool keepsReceived = true; ///< false: only counts
    bool sawFin = false;
    int error = 0; ///< errno of the failed read; ECONNRESET for an RST
    [[nodiscard]] bool sawReset() const;
    /// Whether an RST has come, perhaps after a FIN, when nothing is read any more.
    [[nodiscard]] bool wasReset() const;
    [[nodiscard]] SocketAddress localAddress() const;
    /// Bytes that the peer's kernel has not acknowledged, or that we have not passed to ours.
    [[nodiscard]] qsizetype undelivered() const;
    [[nodiscard]] int descriptor() const { return m_descriptor; }

protected:
    void timerEvent(QTimerEvent *event) override;

private:
    void readSome(qsizetype most);
    void writeSome();

    int m_descriptor;
    QByteArray m_outgoing;
    bool m_finWanted = false;
    qsizetype m_readLimit = 0;
    bool m_reading = true;
    std::unique_ptr<QSocketNotifier> m_readNotifier;
    std::unique_ptr<QSocketNotifier> m_writeNotifier;
};

/// A listening socket on 127.0.0.1 or ::1; accepts only when asked.
class RawListener
{
    Q_DISABLE_COPY_MOVE(RawListener)

public:
    explicit RawListener(const QHostAddress &address = QHostAddress(QHostAddress::LocalHost),
                         int backlog = 16, quint16 port = 0);
    ~RawListener();

    [[nodiscard]] quint16 port() const { return m_address.port; }
    [[nodiscard]] SocketAddress address() const { return m_address; }
    [[nodiscard]] bool isValid() const { return m_descriptor >= 0; }
    [[nodiscard]] int descriptor() const { return m_descriptor; }
    /// Waits up to 5 s for the next connection; -1 if none comes.
    [[nodiscard]] int accept();
    [[nodiscard]] bool hasPending(int milliseconds = 0) const;

private:
    int m_descriptor = -1;
    SocketAddress m_address;
};

/// The kernel's buffers. By default they grow to megabytes.
enum class Buffers { Default, Small };

/// Connects, blocking; returns the descriptor, or -1.
[[nodiscard]] int connectRaw(const SocketAddress &address, Buffers buffers = Buffers::Default);

/// The budgets of all streams that a test makes: unlimited, but without pipes.
[[nodiscard]] net::Budgets &budgets();

struct Pair
{
    net::StreamPtr stream;
    std::unique_ptr<RawPeer> peer;
};
/// A stream of the given kind and its raw peer over loopback. Small buffers apply to the way from
/// the stream to the peer.
[[nodiscard]] Pair makePair(bool portable, Buffers buffers = Buffers::Default);

/// For QCOMPARE, which would take our toString() for one of Qt Test's and free its result.
template <typename Enum> [[nodiscard]] QByteArray named(Enum value)
{
    return toString(value);
}

/// Runs the event loop until a number stops changing: all that can move has moved.
void waitUntilSettled(const std::function<qsizetype()> &number);

/// Bytes in which a lost, doubled or moved block shows.
[[nodiscard]] QByteArray pattern(qsizetype size);

} // namespace sami::test
