// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "http/headparser.h"
#include "route/askinglayer.h"
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
///     or one over 16 KB or 100 fields              ParentProtocol, the parent's
///     anything else                                AskingLayer
class ConnectLayer final : public AskingLayer
{
    Q_OBJECT

public:
    explicit ConnectLayer(ConnectRecipe recipe);
    ~ConnectLayer() override;

protected:
    void ask() override;
    void take(QByteArrayView octets) override;

private:
    static constexpr int maxInterim = 8;
    static constexpr http::HeadLimits limits { qsizetype(16) * 1024, 100, 0 };

    void takeAnswer(const http::ResponseHead &answer, QByteArrayView rest);

    ConnectRecipe m_recipe;
    http::ResponseHeadParser m_parser { limits };
    int m_interim = 0;
};

} // namespace sami::route
