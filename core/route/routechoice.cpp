// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "route/routechoice.h"

#include <algorithm>

namespace sami::route {

namespace {

/// Whether `name`, in lower case, is that domain or a subdomain.
bool isIn(const QByteArray &name, QByteArrayView domain)
{
    return name.endsWith(domain)
        && (name.size() == domain.size() || name[name.size() - domain.size() - 1] == '.');
}

} // namespace

Judge judgeOf(const Endpoint &endpoint, const QList<QByteArray> &ownNames)
{
    if (endpoint.literalAddress())
        return Judge::Address;
    QByteArray name = endpoint.host.toLower();
    while (name.endsWith('.'))
        name.chop(1);
    if (isIn(name, "localhost"))
        return Judge::Loopback;
    if (std::any_of(ownNames.begin(), ownNames.end(), [&name](const QByteArray &own) {
            return name.compare(own, Qt::CaseInsensitive) == 0;
        }))
        return Judge::Own;
    const bool isSingle = !name.contains('.');
    return isSingle || isIn(name, "local") || isIn(name, "internal") ? Judge::Private
                                                                     : Judge::Parent;
}

} // namespace sami::route
