// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "http/headparser.h"
#include "net/bytestream.h"
#include "route/layer.h"
#include "route/route.h"

#include <QByteArrayView>

namespace sami::route {

/// CONNECT, asked of the HTTP proxy that the stream below leads to (RFC 9110 §9.3.6). What it says
/// is made of the recipe alone: nothing of any client's head is in it. What the answer means is in
/// parentanswer.h; octets behind it are the destination's, and go along as early ones.
///
///     what comes                                   then
///     interim answers (1xx but 101), at most 8     the next one is waited for
///     an answer                                    parentanswer.h
///     octets before it was asked                   ParentProtocol
///     no HTTP, a head that had to be mended,
///     or one over 16 KB or 100 fields              ParentProtocol
///     an end or a reset before any octet           ConnectionReset
///     the same amid an answer                      ParentProtocol
///
/// All of these are the parent's fault. ConnectionReset says that nothing was answered: what was
/// asked over a connection that had waited for use may be asked over a fresh one.
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
    bool m_hasHeard = false; ///< an octet at least
};

} // namespace sami::route
