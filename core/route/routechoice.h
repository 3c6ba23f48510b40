// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"
#include "config/parents.h"

#include <QByteArray>
#include <QList>

namespace sami::route {

/// Whether a journey to `endpoint` goes through the list of parents. Pure.
///
///     settings                          the route
///     no parents                        direct
///     the bypass names the endpoint     direct, though the list may have no `direct`
///     otherwise                         by the list; direct only if it says so
[[nodiscard]] inline bool goesByParents(const config::ParentSettings &settings,
                                        const Endpoint &endpoint)
{
    return !settings.list.isEmpty() && !settings.bypass.matches(endpoint);
}

/// The judge of a destination whose name is sent to a parent unresolved, so that its addresses are
/// not known here.
enum class Judge {
    Parent,   ///< the proxy that resolves the name
    Address,  ///< we do: it is an address
    Loopback, ///< we do: it means this machine, wherever it is resolved
    Private,  ///< we do: it has a meaning in one network only
    Own,      ///< we do: it is a name of this machine
};

/// The first row that fits counts.
///
///     the host                                          the judge
///     an address literal                                Address
///     localhost, *.localhost (RFC 6761 §6.3)            Loopback
///     one of `ownNames`, whatever its case              Own
///     a single label, *.local (RFC 6762), *.internal    Private
///     any other name                                    Parent
[[nodiscard]] Judge judgeOf(const Endpoint &endpoint, const QList<QByteArray> &ownNames);

} // namespace sami::route
