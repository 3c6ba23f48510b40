// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "net/tlshandshake.h"
#include "rawpeer.h"
#include "scriptedstream.h"
#include "tlspeer.h"

#include <QPointer>
#include <QTimer>

#include <functional>
#include <memory>
#include <optional>

namespace sami::test {

/// What carries the TLS of a test.
enum class Below {
    Socket, ///< a real socket on loopback
    Whole,  ///< a scripted stream: data is read as it arrived
    Octets, ///< the same, one byte per read
};

/// Our end of a TLS connection, from its first byte, and its peer. Bytes flow between them while
/// the event loop runs, unless the test holds them back.
class TlsRig : public QObject, private net::StreamListener
{
    Q_OBJECT

public:
    TlsRig(Below below, const QString &identity, int version = 0) : peer(identity, version)
    {
        if (below == Below::Socket) {
            Pair pair = makePair(false);
            m_below = std::move(pair.stream);
            raw = std::move(pair.peer);
        } else {
            auto *made = new ScriptedStream;
            m_below.reset(made);
            scripted = made;
            scripted->largestRead = below == Below::Octets ? 1 : 1 << 20;
        }
        connect(&m_pump, &QTimer::timeout, this, &TlsRig::pump);
        m_pump.start(0);
    }

    void shake(const net::TlsContext &context, const QByteArray &host,
               const QList<QByteArray> &pins = {})
    {
        handshake = net::makeTlsHandshake(std::move(m_below), host, pins);
        connect(handshake.get(), &net::TlsHandshake::succeeded, this, [this] {
            ++ends;
            stream = handshake->takeStream();
            stream->setListener(this);
        });
        connect(handshake.get(), &net::TlsHandshake::failed, this,
                [this](const net::DialError &why) {
                    ++ends;
                    error = why;
                });
        handshake->start(context);
    }
    /// Passes bytes between the two ends, in both directions.
    void pump()
    {
        if (isHeld)
            return;
        if (scripted)
            peer.feed(scripted->takeSent());
        else if (raw)
            peer.feed(std::exchange(raw->received, {}));
        deliver(peer.take());
    }
    void deliver(const QByteArray &octets)
    {
        if (octets.isEmpty())
            return;
        sentByPeer += octets.size();
        if (scripted)
            scripted->arrive(octets);
        else if (raw)
            raw->send(octets);
    }
    void peerFin() { scripted ? scripted->arriveEnd(net::StreamEnd::Fin) : raw->sendFin(); }
    void peerReset() { scripted ? scripted->arriveEnd(net::StreamEnd::Reset) : raw->sendReset(); }

    // The listener's calls; a test may replace each.
    std::function<void()> onReadable = [this] { readOnce(); };
    std::function<void()> onDrained = [] {};
    std::function<void()> onFailed = [] {};

    void readOnce()
    {
        QByteArray block(capacity, Qt::Uninitialized);
        const auto [status, size] = stream->read(block.data(), block.size());
        if (status == net::ByteStream::ReadResult::Status::Data) {
            received += block.first(size);
            largest = qMax(largest, size);
            ++readsWithData;
        }
        isEnded = isEnded || status == net::ByteStream::ReadResult::Status::Ended;
    }

    TlsPeer peer;
    net::TlsHandshakePtr handshake;
    net::StreamPtr stream; ///< once the handshake has succeeded
    std::optional<net::DialError> error;
    QPointer<ScriptedStream> scripted;
    std::unique_ptr<RawPeer> raw;
    qsizetype sentByPeer = 0;
    qsizetype capacity = 64 * 1024;
    QByteArray received;
    qsizetype largest = 0;
    int readsWithData = 0;
    int ends = 0; ///< of the handshake: must be one
    int readables = 0;
    int drains = 0;
    int failures = 0;
    bool isEnded = false;
    bool isHeld = false; ///< nothing flows between the two ends

private:
    void handleReadable(net::ByteStream &) override
    {
        ++readables;
        onReadable();
    }
    void handleDrained(net::ByteStream &) override
    {
        ++drains;
        onDrained();
    }
    void handleFailed(net::ByteStream &) override
    {
        ++failures;
        onFailed();
    }

    net::StreamPtr m_below;
    QTimer m_pump;
};

} // namespace sami::test
