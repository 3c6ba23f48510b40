// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/exitroute.h"
#include "net/dialer.h"
#include "net/resolver.h"
#include "net/tlsclient.h"

#include <memory>

namespace sami::net {

/// Resolve → filter each address → race the rest (RFC 8305) → TLS if asked.
class DirectDialer final : public Dialer
{
public:
    /// `portable`: connect with QTcpSocket where a bare descriptor is the native way.
    DirectDialer(std::shared_ptr<Resolver> resolver, std::shared_ptr<TlsClientConfig> tls,
                 bool portable, ExitRoute exit = {});

    [[nodiscard]] DialPtr dial(const DialRequest &request, DialCallback callback) override;

private:
    std::shared_ptr<Resolver> m_resolver;
    std::shared_ptr<TlsClientConfig> m_tls;
    bool m_portable;
    std::shared_ptr<const ExitRoute> m_exit; ///< null: as the system chooses
};

} // namespace sami::net
