// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"
#include "config/parents.h"

#include <QByteArray>
#include <QList>

namespace sami::route {

/// Whether a journey to `endpoint` goes by the list of parents under these settings. Pure.
///
///     settings                          the way
///     no parents                        direct
///     the bypass names the endpoint     direct, though the list may have no `direct`
///     otherwise                         by the list; direct only if it says so
[[nodiscard]] inline bool goesByParents(const config::ParentSettings &settings,
                                        const Endpoint &endpoint)
{
    return !settings.list.isEmpty() && !settings.bypass.matches(endpoint);
}

/// Who judges where an endpoint leads when its name travels: nobody looks its addresses up here.
enum class Judge {
    Parent,   ///< whoever resolves the name
    Address,  ///< we: it is an address
    Loopback, ///< we: it is this machine, wherever it is resolved
    Private,  ///< we: a name that means something in one network only
    Own,      ///< we: a name of this machine
};

///     the host                                          the judge
///     an address literal                                Address
///     localhost, *.localhost (RFC 6761 §6.3)            Loopback
///     one of `ownNames`, whatever its case              Own
///     a single label, *.local (RFC 6762), *.internal    Private
///     any other name                                    Parent
[[nodiscard]] Judge judgeOf(const Endpoint &endpoint, const QList<QByteArray> &ownNames);

} // namespace sami::route
