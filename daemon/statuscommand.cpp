// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "daemon/statuscommand.h"

#include "base/logrecord.h"
#include "config/configerror.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <chrono>

namespace sami::daemon {

using namespace Qt::StringLiterals;

namespace {

QString duration(std::chrono::milliseconds time)
{
    return QString::fromLatin1(formatDuration(time));
}

QString milliseconds(const QJsonValue &value)
{
    return duration(std::chrono::milliseconds(value.toInteger()));
}

QString runningLine(const QJsonObject &running)
{
    const qint64 count = running.value(u"count"_s).toInteger();
    if (count == 0)
        return u"running work: none; a restart cuts nothing"_s;
    return u"running work: %1; the oldest for %2, all of it silent for %3"_s.arg(
        QString::number(count), milliseconds(running.value(u"oldest_ms"_s)),
        milliseconds(running.value(u"silent_ms"_s)));
}

QString parentLine(const QJsonObject &parent)
{
    QString line = u"parent %1 (%2): %3"_s.arg(
        config::printable(parent.value(u"name"_s).toString()), parent.value(u"kind"_s).toString(),
        parent.value(u"condition"_s).toString());
    if (parent.contains(u"fault"_s))
        line += u", %1"_s.arg(parent.value(u"fault"_s).toString());
    if (parent.contains(u"rest_ms"_s))
        line += u", asked again in %1"_s.arg(milliseconds(parent.value(u"rest_ms"_s)));
    if (parent.value(u"preferred"_s).toBool())
        line += u", preferred"_s;
    return line;
}

} // namespace

Result<QByteArray, QString> askStatus(const config::Settings &settings)
{
    const QList<config::AdminDoor> &doors = settings.admin.doors;
    const auto door = std::find_if(doors.cbegin(), doors.cend(), [](const config::AdminDoor &each) {
        return each.kind == config::AdminDoor::Kind::Unix;
    });
    if (door == doors.cend()) {
        return Unexpected(u"the settings have no Unix socket to ask at; set "
                          "PROXY_ADMIN=unix:/run/sami-llm-proxy/admin.sock, for example"_s);
    }
    const auto answer = askUnixSocket(
        door->path, "GET /api/v1/status HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    if (!answer)
        return Unexpected(u"%1: %2"_s.arg(door->path, answer.error()));
    const qsizetype end = answer->indexOf("\r\n\r\n");
    if (end < 0)
        return Unexpected(u"%1: no answer"_s.arg(door->path));
    const QByteArray body = answer->sliced(end + 4);
    if (!answer->startsWith("HTTP/1.1 200 ")) {
        // The answer may come from any program.
        return Unexpected(u"%1: %2"_s.arg(
            door->path,
            config::printable(QString::fromUtf8(answer->first(answer->indexOf('\r'))))));
    }
    return body + '\n';
}

QString statusText(const QByteArray &json)
{
    const QJsonObject status = QJsonDocument::fromJson(json).object();
    const QJsonObject exposure = status.value(u"exposure"_s).toObject();
    const QJsonObject totals = status.value(u"totals"_s).toObject();
    const auto total = [&totals](const QString &name) {
        return QString::number(totals.value(name).toInteger());
    };
    QStringList lines {
        u"%1 for %2, version %3"_s.arg(
            status.value(u"state"_s).toString(),
            duration(std::chrono::seconds(status.value(u"uptime_s"_s).toInteger())),
            status.value(u"version"_s).toString()),
        u"listening on %1: %2"_s.arg(status.value(u"listening"_s).toString(),
                                     exposure.value(u"text"_s).toString()),
        u"connections: %1 live, %2 of them tunnels; %3 accepted, %4 finished, %5 refused"_s.arg(
            total(u"live"_s), total(u"tunnels"_s), total(u"connections"_s), total(u"requests"_s),
            total(u"refused"_s)),
        runningLine(status.value(u"running"_s).toObject()),
    };
    if (const QJsonObject certificate = status.value(u"certificate"_s).toObject();
        !certificate.isEmpty()) {
        lines.append(u"certificate: %1 days left, pin %2"_s.arg(
            QString::number(certificate.value(u"days_left"_s).toInteger()),
            certificate.value(u"pin"_s).toString()));
    }
    QStringList names;
    for (const QJsonValue &name : status.value(u"set_from_afar"_s).toArray())
        names.append(name.toString());
    if (!names.isEmpty())
        lines.append(u"set by the admin API: %1"_s.arg(names.join(u", "_s)));
    for (const QJsonValue &parent : status.value(u"parents"_s).toArray())
        lines.append(parentLine(parent.toObject()));
    return lines.join(u'\n') + u'\n';
}

} // namespace sami::daemon
