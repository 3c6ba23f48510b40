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

/// TLS with the host that the stream below leads to; it has to prove that it is `host`.
struct TlsRecipe
{
    QByteArray host;
    /// Raw SHA-256 hashes of SubjectPublicKeyInfo. If there are any, a match replaces the check of
    /// the certificate's names, chain and dates.
    QList<QByteArray> pins {};
    friend bool operator==(const TlsRecipe &, const TlsRecipe &) = default;
};

/// CONNECT, sent to the HTTP proxy that the stream below leads to.
struct ConnectRecipe
{
    Endpoint target;
    QByteArray authorization {}; ///< the value of Proxy-Authorization; empty sends none
    QByteArray via {};           ///< the value of Via
    friend bool operator==(const ConnectRecipe &, const ConnectRecipe &) = default;
};

/// A SOCKS5 CONNECT, sent to the proxy that the stream below leads to.
struct SocksRecipe
{
    Endpoint target;
    QByteArray user {}; ///< empty for no authentication
    QByteArray password {};
    friend bool operator==(const SocksRecipe &, const SocksRecipe &) = default;
};

/// The recipe of one layer. Each kind of layer has its own type here and its own case in the
/// LayerMaker.
using Recipe = std::variant<TlsRecipe, ConnectRecipe, SocksRecipe>;

/// The way to an endpoint: the host that TCP connects to, and the layers that lead from there to
/// the endpoint, in order. A direct route has no layers, because TCP reaches the endpoint itself.
/// TLS with the endpoint is not a part of any route: it runs over the finished route.
///
/// A value that is cheap to copy; a direct route costs nothing. Connections with equal routes are
/// interchangeable. Safe to share between threads.
class Route
{
public:
    Route() = default; ///< the direct one
    /// `name` is used in the log.
    Route(QByteArray name, Endpoint first, std::vector<Recipe> layers);

    [[nodiscard]] bool isDirect() const { return !m_path; }
    /// "direct" for the direct one.
    [[nodiscard]] QByteArray name() const;
    /// The host that TCP connects to on the way to `endpoint`.
    [[nodiscard]] const Endpoint &firstFor(const Endpoint &endpoint) const;
    [[nodiscard]] const std::vector<Recipe> &layers() const;
    /// How many TLS layers come before any other layer. Once they stand, so does the connection to
    /// the first host.
    [[nodiscard]] size_t leadingTls() const;

    friend bool operator==(const Route &left, const Route &right);
    friend size_t qHash(const Route &route, size_t seed) noexcept;

private:
    struct Path
    {
        QByteArray name;
        Endpoint first;
        std::vector<Recipe> layers;
        friend bool operator==(const Path &, const Path &) = default;
    };

    std::shared_ptr<const Path> m_path; ///< null for the direct one
};

[[nodiscard]] size_t qHash(const Recipe &recipe, size_t seed = 0) noexcept;
[[nodiscard]] size_t qHash(const Route &route, size_t seed = 0) noexcept;

} // namespace sami::route
