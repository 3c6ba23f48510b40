// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/text/serverwording.h"

#include "gui/text/formatting.h"

#include <QStringList>

#include <chrono>

namespace sami::gui {

namespace {

constexpr qsizetype pinHead = 6;
constexpr qsizetype pinTail = 5;

} // namespace

QString ServerWording::shortPin(const QByteArray &pin)
{
    const QString text = QString::fromLatin1(pin.toBase64());
    return text.size() <= pinHead + pinTail
        ? text
        : text.first(pinHead) + QChar(0x2026) + text.last(pinTail);
}

QString ServerWording::encryption(const config::Parent &server)
{
    switch (server.kind) {
    case config::ParentKind::Socks5:
        return tr("SOCKS5 without encryption");
    case config::ParentKind::Direct:
    case config::ParentKind::Http:
        return tr("no encryption");
    case config::ParentKind::Https:
        break;
    }
    if (server.pins.isEmpty())
        return tr("TLS with a certificate that this computer trusts");
    QStringList pins;
    for (const QByteArray &pin : server.pins)
        pins.append(shortPin(pin));
    return pins.size() == 1 ? tr("TLS with the pin %1").arg(pins.constFirst())
                            : tr("TLS with the pins %1").arg(pins.join(QStringLiteral(", ")));
}

QString ServerWording::details(const config::Parent &server)
{
    QStringList parts { QString::fromUtf8(server.endpoint.toByteArray()), encryption(server) };
    if (server.hasCredentials())
        parts.append(tr("user %1").arg(QString::fromUtf8(server.user)));
    return parts.join(QStringLiteral(", "));
}

QString ServerWording::question(const config::Parent &server)
{
    const QString user =
        server.hasCredentials() ? QString::fromUtf8(server.user) : tr("none, and no password");
    QStringList lines {
        tr("Requests to this proxy would go out through this server:"),
        {},
        tr("Name: %1").arg(QString::fromUtf8(server.name)),
        tr("Address: %1").arg(QString::fromUtf8(server.endpoint.toByteArray())),
        tr("Protection: %1").arg(encryption(server)),
        tr("User: %1").arg(user),
        {},
    };
    if (!server.usesTls()) {
        lines.append(server.hasCredentials()
                         ? tr("WARNING: the way to it is not encrypted. Anybody on that way can "
                              "read its password and the names of the hosts that you reach.")
                         : tr("WARNING: the way to it is not encrypted. Anybody on that way can "
                              "read the names of the hosts that you reach."));
    }
    lines.append(
        tr("Its operator sees which hosts you reach, when and how much. Only take a server from "
           "somebody you trust. Nothing is sent to it before you test it or apply the settings."));
    return lines.join(QLatin1Char('\n'));
}

QString ServerWording::way(const QByteArray &route)
{
    return route == config::Parent::direct().name ? tr("directly") : QString::fromUtf8(route);
}

QString ServerWording::fault(route::ParentFault fault)
{
    switch (fault) {
    case route::ParentFault::Unreachable:
        return tr("cannot be reached");
    case route::ParentFault::Tls:
        return tr("could not set up an encrypted connection");
    case route::ParentFault::TlsLate:
        return tr("could not set up an encrypted connection in time");
    case route::ParentFault::WrongPin:
        return tr("shows another key than the pinned one");
    case route::ParentFault::Malformed:
        return tr("does not answer as a proxy");
    case route::ParentFault::Overloaded:
        return tr("says that it is overloaded");
    case route::ParentFault::TimedOut:
        return tr("could not be reached in time");
    case route::ParentFault::Silent:
        return tr("was asked and does not answer");
    case route::ParentFault::Credentials:
        return tr("refuses the user name or the password");
    case route::ParentFault::Destination:
    case route::ParentFault::Ourselves:
        break; // neither is anything against it
    }
    return {};
}

QString ServerWording::condition(const route::ParentState &server)
{
    using route::ParentCondition;
    const QString wrong = server.fault ? fault(*server.fault) : QString();
    switch (server.condition) {
    case ParentCondition::Healthy:
        if (server.isBarred)
            return tr("Not used: it protects less than one before it that cannot show its key");
        return server.isPreferred ? tr("In use") : tr("Ready");
    case ParentCondition::Resting:
        return tr("Resting for another %1: it %2", "a time; what it does wrong")
            .arg(Formatting::seconds(server.rest), wrong);
    case ParentCondition::Probing:
        return server.goodSigns > 0
            ? tr("Answers again; used once it has been steady for a minute")
            : tr("Being tried again: it %1", "what it does wrong").arg(wrong);
    case ParentCondition::ShutOut:
        return tr("Not used until the settings change: it %1", "what it does wrong").arg(wrong);
    }
    return {};
}

QString ServerWording::certificate(WallTime until, WallTime now)
{
    const auto days = std::chrono::floor<std::chrono::days>(until - now).count();
    return days < 0 ? tr("its certificate has expired")
                    : tr("its certificate is good for %n day(s)", nullptr, int(days));
}

QString ServerWording::state(const route::ParentState &server, WallTime now)
{
    QStringList parts { condition(server) };
    // Of a server that fails, both are from better days. An expired certificate may be why it
    // fails.
    const bool isWell = server.condition == route::ParentCondition::Healthy;
    if (isWell && server.latency)
        parts.append(tr("%1 away", "a time").arg(Formatting::duration(*server.latency)));
    if (server.certificateUntil && (isWell || *server.certificateUntil < now))
        parts.append(certificate(*server.certificateUntil, now));
    return parts.join(QStringLiteral(", "));
}

QString ServerWording::switched(const QByteArray &from, const QByteArray &to,
                                std::optional<route::ParentFault> fault)
{
    const QByteArray direct = config::Parent::direct().name;
    const QString wrong = fault ? ServerWording::fault(*fault) : QString();
    QStringList sentences;
    if (!wrong.isEmpty() && from != direct)
        sentences.append(
            tr("%1 %2.", "a server; what it does wrong").arg(QString::fromUtf8(from), wrong));
    if (to.isEmpty())
        sentences.append(tr("No server is well now: new requests try each of them and may fail."));
    else if (to == direct)
        sentences.append(tr("New requests go directly: hosts see this computer's own address."));
    else
        sentences.append(tr("New requests go out through %1.").arg(QString::fromUtf8(to)));
    return sentences.join(QLatin1Char(' '));
}

} // namespace sami::gui
