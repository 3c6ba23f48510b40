// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "net/bytestream.h"
#include "net/tlshandshake.h"
#include "net/tlssession.h"

#include <memory>

namespace sami::net {

/// A handshake with OpenSSL over any stream; yields a TlsStream. Output that the stream below
/// cannot send is kept there: a handshake is a few kilobytes.
class StreamHandshake final : public TlsHandshake, private StreamListener
{
    Q_OBJECT

public:
    StreamHandshake(StreamPtr below, QByteArray host, QList<QByteArray> pins);
    ~StreamHandshake() override;

    void start(const TlsContext &context) override;
    void abort() override;
    [[nodiscard]] std::optional<WallTime> certificateUntil() const override;
    [[nodiscard]] StreamPtr takeStream() override;

private:
    /// Steps per turn of the event loop, so that other connections get theirs.
    static constexpr int stepsPerTurn = 16;

    void handleReadable(ByteStream &) override { advance(); }
    void handleDrained(ByteStream &) override {}
    void handleFailed(ByteStream &) override;

    void advance();
    void fail(DialError error);
    void failLater(DialError error);
    [[nodiscard]] DialError error() const;

    StreamPtr m_below;
    QByteArray m_host;
    QList<QByteArray> m_pins;
    std::unique_ptr<TlsSession> m_session; ///< null before start(), and after the outcome
};

} // namespace sami::net
