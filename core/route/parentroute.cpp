// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "route/parentroute.h"

#include <utility>
#include <vector>

namespace sami::route {

using config::Parent;
using config::ParentKind;

namespace {

std::vector<Recipe> layersTo(const Parent &parent)
{
    if (!parent.usesTls())
        return {};
    return { TlsRecipe { parent.endpoint.host, parent.pins } };
}

/// RFC 7617 §2.
QByteArray basicAuthorization(const Parent &parent)
{
    if (!parent.hasCredentials())
        return {};
    return "Basic " + (parent.user + ':' + parent.password).toBase64();
}

} // namespace

Route routeTo(const Parent &parent)
{
    if (parent.isDirect())
        return {};
    return Route(parent.name, parent.endpoint, layersTo(parent));
}

Route routeThrough(const Parent &parent, const Endpoint &endpoint, const QByteArray &via)
{
    std::vector<Recipe> layers = layersTo(parent);
    switch (parent.kind) {
    case ParentKind::Direct:
        return {};
    case ParentKind::Socks5:
        layers.emplace_back(SocksRecipe { endpoint, parent.user, parent.password });
        break;
    case ParentKind::Http:
    case ParentKind::Https:
        layers.emplace_back(ConnectRecipe { endpoint, basicAuthorization(parent), via });
        break;
    }
    return Route(parent.name, parent.endpoint, std::move(layers));
}

} // namespace sami::route
