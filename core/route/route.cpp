// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "route/route.h"

#include <QHashFunctions>

#include <algorithm>
#include <utility>

namespace sami::route {

namespace {

size_t hashOf(const TlsRecipe &recipe, size_t seed)
{
    return qHashMulti(seed, recipe.host, recipe.pins);
}

// Secrets in a recipe are compared but not hashed.

size_t hashOf(const ConnectRecipe &recipe, size_t seed)
{
    return qHashMulti(seed, recipe.target, recipe.via);
}

size_t hashOf(const SocksRecipe &recipe, size_t seed)
{
    return qHashMulti(seed, recipe.target, recipe.user);
}

} // namespace

Route::Route(QByteArray name, Endpoint first, std::vector<Recipe> layers)
    : m_path(
        std::make_shared<const Path>(Path { std::move(name), std::move(first), std::move(layers) }))
{}

QByteArray Route::name() const
{
    return m_path ? m_path->name : QByteArrayLiteral("direct");
}

const Endpoint &Route::firstFor(const Endpoint &endpoint) const
{
    return m_path ? m_path->first : endpoint;
}

const std::vector<Recipe> &Route::layers() const
{
    static const std::vector<Recipe> none;
    return m_path ? m_path->layers : none;
}

size_t Route::leadingTls() const
{
    const auto end = std::find_if_not(layers().begin(), layers().end(), [](const Recipe &recipe) {
        return std::holds_alternative<TlsRecipe>(recipe);
    });
    return static_cast<size_t>(end - layers().begin());
}

bool operator==(const Route &left, const Route &right)
{
    return left.m_path == right.m_path
        || (left.m_path && right.m_path && *left.m_path == *right.m_path);
}

size_t qHash(const Recipe &recipe, size_t seed) noexcept
{
    return std::visit([seed](const auto &kind) { return hashOf(kind, seed); }, recipe);
}

size_t qHash(const Route &route, size_t seed) noexcept
{
    if (route.isDirect())
        return seed;
    size_t hash = qHashMulti(seed, route.m_path->name, route.m_path->first);
    for (const Recipe &recipe : route.m_path->layers)
        hash = qHash(recipe, hash);
    return hash;
}

} // namespace sami::route
