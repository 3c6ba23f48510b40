// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QHostAddress>

#include <utility>

namespace sami::policy {

/// Who asks, as the rules see it. A value.
struct Caller
{
    enum class Known : quint8 {
        ByConnection, ///< the address is where the connection comes from
        /// The address is what a balancer's PROXY protocol header says. It may be any, so it never
        /// counts as this machine.
        ByHeader,
        /// The header names no client; the address is the balancer's own. Such a connection is for
        /// the proxy's own pages (a health check), and nothing else.
        NotAtAll,
    };

    /// Explicit: whoever has a mere address does not know how it is known.
    explicit Caller(QHostAddress where, Known knownBy = Known::ByConnection)
        : address(std::move(where)), known(knownBy)
    {}

    QHostAddress address;
    Known known;
};

} // namespace sami::policy
