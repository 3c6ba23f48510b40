// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/exitroute.h"
#include "net/resolver.h"
#include "net/tlsclientconfig.h"
#include "route/dialer.h"
#include "route/layer.h"
#include "route/reach.h"

#include <memory>

namespace sami::route {

/// Dials by any route: each dial is a LayeredDial. Knows which layer each recipe needs.
class LayeredDialer final : public Dialer
{
public:
    /// `portable`: connect with QTcpSocket even where a bare descriptor is native.
    LayeredDialer(std::shared_ptr<net::Resolver> resolver,
                  std::shared_ptr<net::TlsClientConfig> tls, bool portable, ExitRoute exit = {});

    [[nodiscard]] DialPtr dial(const DialRequest &request, DialCallback callback) override;
    /// The same over a stream on which the route's leading TLS layers already stand.
    [[nodiscard]] DialPtr dialOver(net::StreamPtr stream, const DialRequest &request,
                                   DialCallback callback);

private:
    ReachTools m_tools;
    std::shared_ptr<const LayerMaker> m_maker;
};

} // namespace sami::route
