// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "net/budgets.h"
#include "net/bytestream.h"

#include <QByteArray>
#include <QObject>

#include <algorithm>
#include <utility>

namespace sami::test {

/// A stream without a kernel that behaves as the test says: what arrives in which pieces, whether
/// it accepts writes, how it ends. It signals from the event loop, repeatedly, as the contract
/// demands.
class ScriptedStream final : public QObject, public net::ByteStream
{
public:
    ScriptedStream() : ByteStream(unbounded()) {}

    /// What the peer sends.
    void arrive(const QByteArray &bytes)
    {
        m_incoming += bytes;
        announceLater();
    }
    void arriveEnd(net::StreamEnd end)
    {
        m_coming = end;
        announceLater();
    }
    void setBlocked(bool isBlocked)
    {
        m_isBlocked = isBlocked;
        announceLater();
    }
    /// What the peer has received since the last call.
    [[nodiscard]] QByteArray takeSent()
    {
        return m_isBlocked ? QByteArray() : std::exchange(m_outgoing, {});
    }
    [[nodiscard]] qsizetype unread() const { return m_incoming.size(); }

    qsizetype largestRead = 1 << 20; ///< the most that one read() returns
    int reads = 0;
    bool isFinSent = false;
    bool isReset = false;
    bool hasHalfClose = true;

    ReadResult read(char *buffer, qsizetype capacity) override
    {
        ++reads;
        if (!m_isOpen)
            return { ReadResult::Status::Ended };
        const qsizetype size = qMin(qMin(capacity, largestRead), m_incoming.size());
        if (size == 0 && m_coming == net::StreamEnd::None)
            return { ReadResult::Status::WouldBlock };
        if (size == 0) {
            m_end = m_coming;
            m_isEndRead = true;
            return { ReadResult::Status::Ended };
        }
        std::copy_n(m_incoming.constData(), size, buffer);
        m_incoming.remove(0, size);
        return { ReadResult::Status::Data, size };
    }
    bool isSilent() const override
    {
        return m_isOpen && m_incoming.isEmpty() && m_coming == net::StreamEnd::None;
    }
    bool write(QByteArrayView bytes) override
    {
        if (!m_isOpen || isFinSent || m_coming == net::StreamEnd::Reset)
            return false;
        m_outgoing += bytes;
        m_isDrainWanted = m_isDrainWanted || m_isBlocked;
        return true;
    }
    qsizetype pendingBytes() const override { return m_isBlocked ? m_outgoing.size() : 0; }
    qsizetype undeliveredBytes() const override { return pendingBytes(); }
    void setReadEnabled(bool enabled) override
    {
        m_isReadEnabled = enabled;
        announceLater();
    }
    bool isReadEnabled() const override { return m_isReadEnabled; }
    void shutdownWrite() override { isFinSent = true; }
    bool canHalfClose() const override { return hasHalfClose; }
    void close() override { m_isOpen = false; }
    void reset() override
    {
        isReset = isReset || m_isOpen;
        m_isOpen = false;
    }
    bool isOpen() const override { return m_isOpen; }
    net::StreamEnd end() const override { return m_end; }
    SocketAddress localAddress() const override { return {}; }
    SocketAddress peerAddress() const override { return {}; }
    void setTcpKeepalive(int) override {}

private:
    static net::Budgets &unbounded()
    {
        static net::Budgets budgets;
        return budgets;
    }
    [[nodiscard]] bool hasNews() const
    {
        return m_isOpen && m_isReadEnabled && !m_isEndRead
            && (!m_incoming.isEmpty() || m_coming != net::StreamEnd::None);
    }
    void announceLater()
    {
        if (!std::exchange(m_isAnnouncing, true))
            QMetaObject::invokeMethod(
                this, [this] { announce(); }, Qt::QueuedConnection);
    }
    void announce()
    {
        m_isAnnouncing = false;
        if (hasNews())
            announceLater();
        if (m_isOpen && m_isDrainWanted && !m_isBlocked) {
            m_isDrainWanted = false;
            notifyDrained();
        }
        if (m_isOpen && m_coming == net::StreamEnd::Reset && !m_isReadEnabled
            && !std::exchange(m_isFailureTold, true)) {
            m_end = m_coming;
            notifyFailed();
        }
        if (hasNews())
            notifyReadable();
    }

    QByteArray m_incoming;
    QByteArray m_outgoing;
    net::StreamEnd m_coming = net::StreamEnd::None;
    net::StreamEnd m_end = net::StreamEnd::None;
    bool m_isOpen = true;
    bool m_isReadEnabled = false;
    bool m_isEndRead = false;
    bool m_isBlocked = false;
    bool m_isDrainWanted = false;
    bool m_isFailureTold = false;
    bool m_isAnnouncing = false;
};

} // namespace sami::test
