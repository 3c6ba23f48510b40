// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "net/tlsacceptance.h"
#include "net/tlscontext.h"
#include "rawpeer.h"
#include "scriptedstream.h"
#include "tlscaller.h"
#include "tlsrig.h"

#include <QPointer>
#include <QTimer>

#include <memory>
#include <optional>
#include <utility>

namespace sami::test {

/// Our end of a TLS connection that a client makes, from its first byte, and that client. Bytes
/// flow between them while the event loop runs, unless the test holds them back.
class AcceptRig : public QObject, private net::StreamListener
{
    Q_OBJECT

public:
    using Outcome = net::TlsAcceptance::Outcome;

    AcceptRig(Below below, const net::TlsContext &context, const CallerKind &kind,
              bool resumes = false)
        : caller(kind, "proxy.example", resumes)
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
        acceptance = net::makeTlsAcceptance(context, *m_below);
        m_below->setListener(this);
        m_below->setReadEnabled(true);
        connect(&m_pump, &QTimer::timeout, this, &AcceptRig::pump);
        m_pump.start(0);
    }

    /// Passes bytes between the two ends, in both directions.
    void pump()
    {
        if (isHeld)
            return;
        collect();
        deliver(caller.take());
    }
    /// Passes what our side has sent to the client.
    void collect()
    {
        if (scripted)
            caller.feed(scripted->takeSent());
        else if (raw)
            caller.feed(std::exchange(raw->received, {}));
    }
    void deliver(const QByteArray &octets)
    {
        if (octets.isEmpty())
            return;
        if (scripted)
            scripted->arrive(octets);
        else if (raw)
            raw->send(octets);
    }
    void callerFin() { scripted ? scripted->arriveEnd(net::StreamEnd::Fin) : raw->sendFin(); }

    TlsCaller caller;
    std::unique_ptr<net::TlsAcceptance> acceptance;
    net::StreamPtr stream; ///< once the handshake has succeeded
    std::optional<net::TlsAcceptFault> fault;
    QPointer<ScriptedStream> scripted;
    std::unique_ptr<RawPeer> raw;
    qsizetype capacity = 64 * 1024;
    QByteArray received;
    bool isTls13 = false;
    bool isEnded = false;
    bool isHeld = false; ///< nothing flows between the two ends

private:
    void handleReadable(net::ByteStream &from) override
    {
        QByteArray block(capacity, Qt::Uninitialized);
        const auto [status, size] = from.read(block.data(), block.size());
        if (status == net::ByteStream::ReadResult::Status::Ended) {
            isEnded = true;
            from.setReadEnabled(false);
        }
        if (status != net::ByteStream::ReadResult::Status::Data)
            return;
        if (stream)
            received += block.first(size);
        else if (!fault)
            step(block.first(size));
    }
    void step(const QByteArray &octets)
    {
        switch (acceptance->step(octets)) {
        case Outcome::NeedsInput:
            return;
        case Outcome::Failed:
            fault = acceptance->fault();
            return;
        case Outcome::Done:
            break;
        }
        isTls13 = acceptance->isTls13();
        stream = acceptance->takeStream(std::move(m_below));
        acceptance.reset();
        stream->setListener(this);
        stream->setReadEnabled(true);
    }
    void handleDrained(net::ByteStream &) override {}
    void handleFailed(net::ByteStream &) override { isEnded = true; }

    net::StreamPtr m_below;
    QTimer m_pump;
};

} // namespace sami::test
