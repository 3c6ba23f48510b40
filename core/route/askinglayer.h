// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "net/bytestream.h"
#include "route/layer.h"

#include <QByteArray>
#include <QByteArrayView>

namespace sami::route {

/// The common part of the layers that ask a proxy to connect onward, whatever protocol it speaks.
/// It asks, reads the answers, and decides whom to blame if none comes.
///
///     what comes                                   then
///     octets before it was asked                   ParentProtocol
///     an end or a reset before any octet           ConnectionReset
///     the same later                               ParentProtocol
///
/// All of these are the parent's fault. ConnectionReset means that nothing was answered: if the
/// connection had waited for use, the same may be asked over a fresh one.
class AskingLayer : public Layer, private net::StreamListener
{
    Q_OBJECT

public:
    ~AskingLayer() override;

    void start(Way below) final;
    [[nodiscard]] net::DialError late() const final;

protected:
    /// `readSize` is the most octets of one read.
    explicit AskingLayer(qsizetype readSize) : m_readSize(readSize) {}

    void abort() final;

    /// Sends the first message.
    virtual void ask() = 0;
    /// Takes the next octets from the parent.
    virtual void take(QByteArrayView octets) = 0;
    /// The parent has ended the connection, orderly or not.
    virtual void end();

    // Call these last: afterwards the layer is over. (After say() it may be.)
    void say(const QByteArray &octets);
    /// Reports success: the proxy has connected. `early` are the octets read after its answer.
    void lead(QByteArray early);
    void failParent(net::DialFault fault, QByteArray detail);
    void giveUp(net::DialError error);

private:
    void handleReadable(net::ByteStream &) override;
    void handleDrained(net::ByteStream &) override {}
    void handleFailed(net::ByteStream &) override { end(); }

    const qsizetype m_readSize;
    net::StreamPtr m_stream;
    bool m_hasHeard = false; ///< at least one octet
};

} // namespace sami::route
