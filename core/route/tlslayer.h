// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "net/tlshandshake.h"
#include "route/layer.h"

#include <QByteArray>

#include <memory>

namespace sami::net {
class TlsClientConfig;
}

namespace sami::route {

/// TLS with a host, through TlsHandshake. Requests the trust list before there is a stream; if this
/// machine has no list or no TLS library, the dial fails at once, before any stream is used. A host
/// with pinned keys needs no list.
class TlsLayer final : public Layer
{
    Q_OBJECT

public:
    /// Keeps the configuration: the dialer may be replaced meanwhile.
    TlsLayer(TlsRecipe recipe, std::shared_ptr<net::TlsClientConfig> tls);
    ~TlsLayer() override;

    void start(Way below) override;
    [[nodiscard]] net::DialError late() const override;

protected:
    void prepare() override;
    void abort() override;

private:
    void shakeHandsWhenReady();

    TlsRecipe m_recipe;
    std::shared_ptr<net::TlsClientConfig> m_tls;
    std::shared_ptr<const net::TlsContext> m_context; ///< null until the trust list is loaded
    net::StreamPtr m_below;                           ///< set while it waits for the list
    net::TlsHandshakePtr m_handshake;
};

} // namespace sami::route
