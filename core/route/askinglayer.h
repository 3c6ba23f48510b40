// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "net/bytestream.h"
#include "route/layer.h"

#include <QByteArray>
#include <QByteArrayView>

namespace sami::route {

/// What the layers have in common that ask a proxy to lead on, whatever it speaks: they ask, read
/// its answers, and know whose fault it is when none comes.
///
///     what comes                                   then
///     octets before it was asked                   ParentProtocol
///     an end or a reset before any octet           ConnectionReset
///     the same later                               ParentProtocol
///
/// All of these are the parent's fault. ConnectionReset says that nothing was answered: what was
/// asked over a connection that had waited for use may be asked over a fresh one.
class AskingLayer : public Layer, private net::StreamListener
{
    Q_OBJECT

public:
    ~AskingLayer() override;

    void start(Way below) final;
    [[nodiscard]] net::DialError late() const final;

protected:
    /// Of one read, in octets.
    explicit AskingLayer(qsizetype readSize) : m_readSize(readSize) {}

    void abort() final;

    /// The first that is to be said.
    virtual void ask() = 0;
    /// The next of what the parent says.
    virtual void take(QByteArrayView octets) = 0;
    /// The parent has ended, in order or not.
    virtual void end();

    // Each is the last thing that a call does, but for say(), after which we may be over.
    void say(const QByteArray &octets);
    /// The way stands; `early` came over it already.
    void lead(QByteArray early);
    void failParent(net::DialFault fault, QByteArray detail);
    void giveUp(net::DialError error);

private:
    void handleReadable(net::ByteStream &) override;
    void handleDrained(net::ByteStream &) override {}
    void handleFailed(net::ByteStream &) override { end(); }

    const qsizetype m_readSize;
    net::StreamPtr m_stream;
    bool m_hasHeard = false; ///< an octet at least
};

} // namespace sami::route
