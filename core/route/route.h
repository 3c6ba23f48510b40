// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"

#include <QByteArray>
#include <QList>

#include <memory>
#include <variant>
#include <vector>

namespace sami::route {

/// TLS with whom the stream below leads to, who has to be that host.
struct TlsRecipe
{
    QByteArray host;
    /// Raw SHA-256 of a SubjectPublicKeyInfo each. Where there are any, one of them stands for the
    /// certificate's names, chain and dates.
    QList<QByteArray> pins {};
    friend bool operator==(const TlsRecipe &, const TlsRecipe &) = default;
};

/// CONNECT, asked of the HTTP proxy that the stream below leads to.
struct ConnectRecipe
{
    Endpoint target;
    QByteArray authorization {}; ///< the value of Proxy-Authorization; empty: none
    QByteArray via {};           ///< the value of Via
    friend bool operator==(const ConnectRecipe &, const ConnectRecipe &) = default;
};

/// CONNECT of SOCKS5, asked of the proxy that the stream below leads to.
struct SocksRecipe
{
    Endpoint target;
    QByteArray user {}; ///< empty: nobody in particular
    QByteArray password {};
    friend bool operator==(const SocksRecipe &, const SocksRecipe &) = default;
};

/// What a layer is made of. Each kind of layer is a type of its own here, and a case of whoever
/// makes them.
using Recipe = std::variant<TlsRecipe, ConnectRecipe, SocksRecipe>;

/// The way to an endpoint: whom TCP reaches, and the layers that lead from there to the endpoint,
/// in the order in which they are made. The direct way has none, for TCP reaches the endpoint
/// itself. TLS with the endpoint is no part of any way: it is spoken at its end.
///
/// A value that is cheap to copy, and free where it is the direct one. Two that are equal make
/// connections that can stand in for one another. Thread-safe to share.
class Route
{
public:
    Route() = default; ///< the direct one
    /// `name` is what the log calls it.
    Route(QByteArray name, Endpoint first, std::vector<Recipe> layers);

    [[nodiscard]] bool isDirect() const { return !m_way; }
    /// "direct" for the direct one.
    [[nodiscard]] QByteArray name() const;
    /// Whom TCP has to reach so that this leads to `endpoint`.
    [[nodiscard]] const Endpoint &firstFor(const Endpoint &endpoint) const;
    [[nodiscard]] const std::vector<Recipe> &layers() const;
    /// How many of them are TLS, before any other: with those the way to the first host stands.
    [[nodiscard]] size_t leadingTls() const;

    friend bool operator==(const Route &left, const Route &right);
    friend size_t qHash(const Route &route, size_t seed) noexcept;

private:
    struct Way
    {
        QByteArray name;
        Endpoint first;
        std::vector<Recipe> layers;
        friend bool operator==(const Way &, const Way &) = default;
    };

    std::shared_ptr<const Way> m_way; ///< null for the direct one
};

[[nodiscard]] size_t qHash(const Recipe &recipe, size_t seed = 0) noexcept;
[[nodiscard]] size_t qHash(const Route &route, size_t seed = 0) noexcept;

} // namespace sami::route
