// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "admin/browserrules.h"

#include "base/endpoint.h"
#include "http/requesttarget.h"
#include "http/syntax.h"

#include <algorithm>

namespace sami::admin {

namespace {

constexpr char httpScheme[] = "http://";
constexpr char httpsScheme[] = "https://";

/// The host of "host:port", "[v6]:port" or "host", without brackets.
QByteArray hostOf(QByteArrayView authority)
{
    QByteArrayView host = authority;
    if (host.startsWith('[')) {
        const qsizetype end = host.indexOf(']');
        return host.sliced(1, std::max<qsizetype>(end - 1, 0)).toByteArray();
    }
    if (const qsizetype colon = host.indexOf(':'); colon >= 0)
        host = host.first(colon);
    return host.toByteArray();
}

/// Whether no public DNS has such a name, so that no attacker can point one here: a name of Docker
/// Compose or Kubernetes, for example.
bool isPrivateName(const QByteArray &host)
{
    return !host.isEmpty()
        && (!host.contains('.') || host.endsWith(".local") || host.endsWith(".internal")
            || host.endsWith(".svc"));
}

bool isOurs(QByteArrayView authority, const OwnHosts &own, Router::Door door)
{
    if (authority.isEmpty() || !http::isValidHostField(authority))
        return false;
    QByteArray host = hostOf(authority).toLower();
    if (host.endsWith('.'))
        host.chop(1);
    if (host == "localhost")
        return true;
    if (const auto address = Endpoint { host, 0 }.literalAddress()) {
        // An address cannot be pointed elsewhere; a scraper may know this machine by another.
        if (door == Router::Door::Metrics || address->isLoopback()
            || (!own.reachedAt.isNull() && *address == unmapped(own.reachedAt)))
            return true;
    }
    if (door == Router::Door::Metrics && isPrivateName(host))
        return true;
    const auto name = config::ServerName::parse(host);
    return name && own.named.contains(*name);
}

/// The authority of "http://host:port"; empty for anything that is not a page's origin, including
/// "null".
QByteArrayView authorityOf(QByteArrayView origin)
{
    for (const QByteArrayView scheme :
         { QByteArrayView(httpScheme), QByteArrayView(httpsScheme) }) {
        if (origin.startsWith(scheme))
            return origin.sliced(scheme.size());
    }
    return {};
}

} // namespace

std::optional<AdminReply> refuseForeign(const http::HeaderList &fields, const OwnHosts &own,
                                        Router::Door door)
{
    const QList<QByteArrayView> hosts = fields.values("Host");
    // A browser always sends one.
    const bool mayLack = door == Router::Door::Metrics && hosts.isEmpty();
    if (!mayLack && (hosts.size() != 1 || !isOurs(hosts.first(), own, door))) {
        return problemReply(Problem::UnknownHost,
                            "This server is not called by that name: use the address that it "
                            "listens at, localhost, or a name in PROXY_ADMIN_HOSTS.");
    }
    const QList<QByteArrayView> origins = fields.values("Origin");
    const bool isOriginOurs = origins.isEmpty()
        || (origins.size() == 1 && hosts.size() == 1
            && http::equalsIgnoringCase(authorityOf(origins.first()), hosts.first()));
    const QList<QByteArrayView> sites = fields.values("Sec-Fetch-Site");
    const bool isSiteOurs = sites.isEmpty()
        || (sites.size() == 1 && (sites.first() == "same-origin" || sites.first() == "none"));
    if (!isOriginOurs || !isSiteOurs) {
        return problemReply(Problem::ForeignOrigin,
                            "A page of another origin may ask nothing here.");
    }
    return std::nullopt;
}

} // namespace sami::admin
