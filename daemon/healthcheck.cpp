// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "daemon/healthcheck.h"

#include "config/configerror.h"
#include "config/exposure.h"

#include <QDeadlineTimer>
#include <QNetworkProxy>
#include <QTcpSocket>

namespace sami::daemon {

namespace {

/// Less than Docker's default of 30 s for a health check, and more than any live proxy needs.
constexpr int limitMs = 5'000;

} // namespace

QString checkHealth(const config::Settings &settings)
{
    const QHostAddress address = config::addressFromHere(settings.listen.address);
    const QString where =
        QStringLiteral("%1 port %2").arg(address.toString(), QString::number(settings.listen.port));
    QDeadlineTimer deadline(limitMs);
    QTcpSocket socket;
    socket.setProxy(QNetworkProxy::NoProxy);
    socket.connectToHost(address, settings.listen.port);
    if (!socket.waitForConnected(limitMs))
        return QStringLiteral("%1: %2").arg(where, socket.errorString());
    // If a balancer runs on this machine, this program connects from its address.
    if (config::comesFromBalancer(settings, socket.localAddress()))
        socket.write("PROXY UNKNOWN\r\n");
    socket.write("GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    QByteArray answer;
    while (!answer.contains("\r\n") && !deadline.hasExpired()) {
        if (!socket.waitForReadyRead(static_cast<int>(deadline.remainingTime())))
            break;
        answer += socket.readAll();
    }
    if (answer.startsWith("HTTP/1.1 200 "))
        return {};
    if (answer.isEmpty())
        return QStringLiteral("%1: no answer").arg(where);
    // The answer may come from any program.
    const QByteArray firstLine = answer.left(answer.indexOf('\r'));
    return QStringLiteral("%1: %2").arg(where, config::printable(QString::fromLatin1(firstLine)));
}

} // namespace sami::daemon
