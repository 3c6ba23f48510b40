// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/text/serverwording.h"

#include <QStringList>

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
    if (!server.usesTls())
        return server.kind == config::ParentKind::Socks5 ? tr("SOCKS5 without encryption")
                                                         : tr("no encryption");
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
        tr("What programs ask this proxy for would go out by this server:"),
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
    lines.append(tr("Whoever runs it sees which hosts you reach, when and how much. Take it only "
                    "from somebody you trust. Nothing is sent to it before the settings are "
                    "applied."));
    return lines.join(QLatin1Char('\n'));
}

} // namespace sami::gui
