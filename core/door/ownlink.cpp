// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "door/ownlink.h"

#include "config/exposure.h"
#include "config/link.h"
#include "config/optiontable.h"
#include "config/parenturl.h"
#include "config/servername.h"
#include "door/identitycommands.h"
#include "policy/specialaddresses.h"

#include <QSslCertificate>

#include <algorithm>
#include <optional>
#include <utility>

namespace sami::door {

using namespace Qt::StringLiterals;
using config::ConfigError;
using config::ServerName;
using config::Settings;

namespace {

constexpr auto hostFlag = "--host"_L1;

Unexpected<ConfigError> fail(const QString &name, const QString &value, const QString &problem)
{
    return Unexpected(ConfigError { name, value, problem });
}

/// The port after a host; empty if there is none.
Result<std::optional<quint16>, QString> portOf(QStringView text)
{
    if (text.isEmpty())
        return std::optional<quint16>();
    bool isNumber = false;
    const uint port = text.sliced(1).toUShort(&isNumber);
    if (!text.startsWith(u':') || !isNumber || port == 0)
        return Unexpected(u"the port must be 1 to 65535"_s);
    return std::optional(static_cast<quint16>(port));
}

/// "HOST", "HOST:PORT", "[IPv6]:PORT", or an IPv6 address without brackets; port 0 if there is
/// none.
Result<Endpoint, QString> endpointOf(const QString &text)
{
    if (text.contains(u'/'))
        return Unexpected(
            u"write a host, or a host and a port, without https:// and without a path"_s);
    qsizetype end = text.size();
    if (text.startsWith(u'['))
        end = text.indexOf(u']') + 1;
    else if (text.count(u':') == 1)
        end = text.indexOf(u':');
    const auto host = ServerName::parse(text.first(end).toUtf8());
    if (!host)
        return Unexpected(host.error());
    const auto port = portOf(QStringView(text).sliced(end));
    if (!port)
        return Unexpected(port.error());
    return Endpoint { host->toByteArray(), port->value_or(0) };
}

bool isWildcard(const QHostAddress &address)
{
    return address == QHostAddress(QHostAddress::AnyIPv4)
        || address == QHostAddress(QHostAddress::AnyIPv6)
        || address.protocol() == QAbstractSocket::AnyIPProtocol;
}

/// A public address that this machine listens on; empty if it has none.
QByteArray publicAddress(const QHostAddress &listening, const QList<InterfaceAddress> &interfaces)
{
    if (!isWildcard(listening))
        return policy::isSpecial(listening) ? QByteArray() : addressText(unmapped(listening));
    QByteArray found;
    for (const InterfaceAddress &each : interfaces) {
        const bool isIPv4 = each.address.protocol() == QAbstractSocket::IPv4Protocol;
        const bool isHeard = isIPv4 || listening.protocol() != QAbstractSocket::IPv4Protocol;
        if (!isHeard || policy::isSpecial(each.address))
            continue;
        if (isIPv4)
            return addressText(each.address);
        if (found.isEmpty())
            found = addressText(each.address);
    }
    return found;
}

QByteArray knownHost(const Settings &settings,
                     const std::function<Result<QList<InterfaceAddress>, QString>()> &addresses)
{
    if (!settings.tls.names.isEmpty())
        return settings.tls.names.constFirst().toByteArray();
    const auto interfaces = addresses();
    return publicAddress(settings.listen.address,
                         interfaces ? *interfaces : QList<InterfaceAddress>());
}

Result<Endpoint, ConfigError>
placeOf(const Settings &settings, const QString &wished,
        const std::function<Result<QList<InterfaceAddress>, QString>()> &addresses)
{
    Endpoint place;
    if (!wished.isEmpty()) {
        auto endpoint = endpointOf(wished);
        if (!endpoint)
            return fail(hostFlag, wished, endpoint.error());
        place = std::move(endpoint).value();
    } else {
        place.host = knownHost(settings, addresses);
    }
    if (place.host.isEmpty()) {
        return fail(hostFlag, {},
                    u"must give the name or address at which clients reach this proxy: this "
                    "machine does not listen at a public address"_s);
    }
    if (place.port == 0)
        place.port = settings.listen.port;
    if (place.port == 0) {
        return fail(u"PROXY_PORT"_s, u"0"_s,
                    u"means any free port; write the one that clients use, as in --host "
                    "proxy.example.com:8443"_s);
    }
    return place;
}

/// Why traffic to the door is in clear text; empty if the door speaks TLS.
QString clearTextReason(const Settings &settings)
{
#ifdef Q_OS_LINUX
    if (settings.tls.mode == config::TlsMode::Off)
        return u"PROXY_TLS is off"_s;
    if (settings.tls.certificateFile.isEmpty() && settings.state.folder.isEmpty())
        return u"the proxy has no certificate to show; PROXY_STATE_DIR gives it one"_s;
    return {};
#else
    Q_UNUSED(settings)
    return u"clients can speak TLS with the proxy on Linux only"_s;
#endif
}

/// Whether the link has a pin. Not for an authority's certificate: clients verify it by its name,
/// and its key changes every few months.
Result<bool, ConfigError> isPinned(const Settings &settings)
{
    if (settings.tls.certificateFile.isEmpty())
        return true;
    const auto chain = exportedCertificate(settings);
    if (!chain)
        return Unexpected(chain.error());
    const QList<QSslCertificate> certificates = QSslCertificate::fromData(*chain, QSsl::Pem);
    return !certificates.isEmpty() && certificates.constFirst().isSelfSigned();
}

/// Whether only this machine reaches the proxy, and the link is for others.
bool isOutOfReach(const Settings &settings, const Endpoint &place)
{
    if (!unmapped(settings.listen.address).isLoopback())
        return false;
    const auto literal = place.literalAddress();
    return literal ? !unmapped(*literal).isLoopback() : place.host != "localhost";
}

/// The warning that says what a link for clear text reveals to others on the way.
QString clearTextWarning(bool hasPassword, const QString &reason)
{
    if (hasPassword)
        return u"this link is for clear text, so anybody on the way can read its password: %1"_s
            .arg(reason);
    return u"this link is for clear text, so anybody on the way can read which hosts are called: %1"_s
        .arg(reason);
}

/// Why the certificate will not cover the host; empty if it will.
QString keepHost(const Settings &settings, const QByteArray &host)
{
    const auto name = ServerName::parse(host);
    if (!name)
        return name.error();
    const auto kept = keepName(settings, *name);
    return kept ? QString() : kept.error().toString();
}

/// Sets the TLS part of the link.
Result<void, ConfigError> secure(config::Parent &parent, const Settings &settings)
{
    parent.kind = config::ParentKind::Https;
    const auto pinned = isPinned(settings);
    if (!pinned)
        return Unexpected(pinned.error());
    if (!*pinned)
        return {};
    const auto pin = identityPin(settings);
    if (!pin)
        return Unexpected(pin.error());
    parent.pins.append(config::pinOctets(pin->trimmed()));
    return {};
}

} // namespace

Result<OwnLink, ConfigError>
ownLink(const Settings &settings, const LinkWishes &wishes,
        const std::function<Result<QList<InterfaceAddress>, QString>()> &addresses)
{
    OwnLink link;
    config::Parent parent;
    auto place = placeOf(settings, wishes.host, addresses);
    if (!place)
        return Unexpected(place.error());
    parent.endpoint = std::move(place).value();
    parent.fromLink = true;
    parent.name = wishes.name.isEmpty() ? parent.endpoint.toByteArray() : wishes.name.toUtf8();
    if (const QString problem = config::parentNameProblem(QString::fromUtf8(parent.name));
        !problem.isEmpty() && !wishes.name.isEmpty())
        return fail(u"--name"_s, wishes.name, problem);

    if (isOutOfReach(settings, parent.endpoint)) {
        link.warnings.append(
            u"the proxy listens on %1 alone, which other machines do not reach: the link works for "
            "them once PROXY_ADDRESS is 0.0.0.0, or where something passes their connections on"_s
                .arg(settings.listen.address.toString()));
    }
    const auto &credentials = wishes.user ? wishes.user : settings.access.credentials;
    if (const QString reason = clearTextReason(settings); reason.isEmpty()) {
        // Comes before secure(), because reading the pin may create the identity. A failure is only
        // a warning: the pin is enough for the link.
        const QString unkept =
            wishes.host.isEmpty() ? QString() : keepHost(settings, parent.endpoint.host);
        if (const auto done = secure(parent, settings); !done)
            return Unexpected(done.error());
        if (!unkept.isEmpty()) {
            link.warnings.append(
                u"the proxy's certificate is not for this host, which matters only to clients "
                "that check it without the pin: %1"_s.arg(unkept));
        }
    } else {
        parent.kind = config::ParentKind::Http;
        link.warnings.append(clearTextWarning(credentials.has_value(), reason));
    }
    if (!credentials && config::asksForPassword(settings)) {
        return fail(u"--user"_s, {},
                    u"is needed: every user of %1 has a link of their own"_s.arg(
                        QLatin1StringView(config::usersFileOption)));
    }
    if (credentials) {
        parent.user = credentials->username;
        parent.password = credentials->password;
    }
    link.text = config::linkText(parent);
    // Report here what a link cannot express, rather than leave it to the recipient.
    if (const auto read = config::parseLink(link.text); !read)
        return fail(QString::fromLatin1(config::passwordOption),
                    QString::fromLatin1(config::secretMask), read.error());
    return link;
}

} // namespace sami::door
