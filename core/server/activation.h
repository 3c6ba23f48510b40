// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "net/resolver.h"
#include "net/tlsclient.h"
#include "server/context.h"
#include "server/machinenetworks.h"

#include <memory>

namespace sami::server {

/// Makes settings and what is known of this machine's networks into the ActiveSettings that
/// workers get, each of a generation of its own. Belongs to the running proxy; main thread. It
/// publishes nothing: its owner does, when the address is bound.
class Activation
{
public:
    /// `networks` have been read.
    Activation(const config::Settings &first, MachineNetworks networks);

    [[nodiscard]] const ActiveSettingsPtr &current() const { return m_current; }
    [[nodiscard]] net::Resolver &resolver() const { return *m_resolver; }
    [[nodiscard]] net::TlsClientConfig &tls() const { return *m_tls; }
    /// Whether nobody of the internet can look like a private client here (PrivateClients).
    [[nodiscard]] bool privateIsCertain() const;

    /// New settings: names are looked up again, the trust list and the own networks are read again.
    void renew(const config::Settings &settings);
    /// Reads this machine's addresses. Returns whether they changed: current() is new then, and
    /// names are looked up again.
    [[nodiscard]] bool refreshNetworks();

private:
    [[nodiscard]] ActiveSettingsPtr made(const config::Settings &settings,
                                         quint64 generation) const;

    std::shared_ptr<net::Resolver> m_resolver;
    std::shared_ptr<net::TlsClientConfig> m_tls;
    MachineNetworks m_networks;
    ActiveSettingsPtr m_current;
};

} // namespace sami::server
