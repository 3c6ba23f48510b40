// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QHostAddress>

#include <utility>

namespace sami::policy {

/// The client as the access rules see it. A value.
struct Caller
{
    enum class Known : quint8 {
        ByConnection, ///< the address is where the connection comes from
        /// The address is from a balancer's PROXY protocol header. It can be any address, so it
        /// never counts as this machine.
        ByHeader,
        /// The header names no client, and the address is the balancer's own. Such a connection,
        /// usually a health check, may only use the proxy's own pages.
        NotAtAll,
    };

    /// Explicit, because a plain address does not say how it is known.
    explicit Caller(const QHostAddress &where, Known knownBy = Known::ByConnection)
        : address(where), known(knownBy)
    {}

    QHostAddress address;
    Known known;
};

} // namespace sami::policy
