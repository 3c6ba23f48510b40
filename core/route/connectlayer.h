// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "http/headparser.h"
#include "net/bytestream.h"
#include "route/layer.h"
#include "route/route.h"

#include <QByteArrayView>

namespace sami::route {

/// CONNECT, sent to the HTTP proxy that the stream below leads to (RFC 9110 §9.3.6). The request is
/// built from the recipe alone: it holds nothing of any client's head. parentanswer.h says what the
/// answer means. Octets after the answer belong to the destination, and are passed on as early
/// ones.
///
///     what arrives                                 then
///     interim answers (1xx but 101), at most 8     waits for the next one
///     an answer                                    parentanswer.h
///     octets before the request was sent           ParentProtocol
///     no HTTP, a head that had to be mended,
///     or one over 16 KB or 100 fields              ParentProtocol
///     an end or a reset before any octet           ConnectionReset
///     the same in the middle of an answer          ParentProtocol
///
/// All of these are the parent's fault. ConnectionReset means that nothing was answered: if the
/// connection had been waiting for use, the request may be sent again over a new one.
class ConnectLayer final : public Layer, private net::StreamListener
{
    Q_OBJECT

public:
    explicit ConnectLayer(ConnectRecipe recipe);
    ~ConnectLayer() override;

    void start(Way below) override;
    [[nodiscard]] net::DialError late() const override;

protected:
    void abort() override;

private:
    static constexpr int maxInterim = 8;
    static constexpr http::HeadLimits limits { qsizetype(16) * 1024, 100, 0 };

    void handleReadable(net::ByteStream &) override { read(); }
    void handleDrained(net::ByteStream &) override {}
    void handleFailed(net::ByteStream &) override { end(); }

    [[nodiscard]] QByteArray head() const;
    void read();
    void take(QByteArrayView octets);
    void takeAnswer(const http::ResponseHead &answer, QByteArrayView rest);
    void end();
    void failParent(net::DialFault fault, QByteArray detail);

    ConnectRecipe m_recipe;
    net::StreamPtr m_stream;
    http::ResponseHeadParser m_parser { limits };
    int m_interim = 0;
    bool m_hasHeard = false; ///< at least one octet has arrived
};

} // namespace sami::route
