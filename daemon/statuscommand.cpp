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

/// Nothing that a proxy tells has taken longer.
constexpr std::chrono::milliseconds longest = std::chrono::hours(24 * 36525);

/// A member that is a count of `Unit`; out of range, the nearest that can be.
template <typename Unit> QString duration(const QJsonValue &value)
{
    const qint64 most = std::chrono::floor<Unit>(longest).count();
    return QString::fromLatin1(
        formatDuration(Unit(std::clamp<qint64>(value.toInteger(), 0, most))));
}

QString milliseconds(const QJsonValue &value)
{
    return duration<std::chrono::milliseconds>(value);
}

/// The answer may come from any program.
QString textOf(const QJsonObject &object, QStringView name)
{
    return config::printable(object.value(name).toString());
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
    QString line = u"parent %1 (%2): %3"_s.arg(textOf(parent, u"name"), textOf(parent, u"kind"),
                                               textOf(parent, u"condition"));
    if (parent.contains(u"fault"_s))
        line += u", "_s + textOf(parent, u"fault");
    if (parent.contains(u"rest_ms"_s))
        line += u", asked again in %1"_s.arg(milliseconds(parent.value(u"rest_ms"_s)));
    if (parent.value(u"preferred"_s).toBool())
        line += u", preferred"_s;
    return line;
}

struct HttpAnswer
{
    int status = 0;
    QByteArray body; ///< whole
};

/// Only what our own door writes: one status line, one length.
Result<HttpAnswer, QString> parsed(const QByteArray &octets)
{
    static constexpr QByteArrayView version = "HTTP/1.1 ";
    static constexpr QByteArrayView length = "\r\ncontent-length: ";
    const qsizetype end = octets.indexOf("\r\n\r\n");
    if (end < 0 || !octets.startsWith(version))
        return Unexpected(u"no answer of a proxy"_s);
    HttpAnswer answer { octets.sliced(version.size(), 3).toInt(), octets.sliced(end + 4) };
    const QByteArray head = octets.first(end + 2).toLower();
    const qsizetype at = head.indexOf(length);
    const qsizetype from = at + length.size();
    bool isNumber = false;
    const qsizetype size =
        at < 0 ? -1 : head.sliced(from, head.indexOf('\r', from) - from).toLongLong(&isNumber);
    if (!isNumber || size != answer.body.size())
        return Unexpected(u"the answer is not whole"_s);
    return answer;
}

/// What a proxy says of itself, and nothing else.
Result<QJsonObject, QString> statusOf(const QByteArray &octets)
{
    const auto answer = parsed(octets);
    if (!answer)
        return Unexpected(answer.error());
    const QJsonObject body = QJsonDocument::fromJson(answer->body).object();
    if (answer->status != 200) {
        const QString detail = textOf(body, u"detail");
        return Unexpected(u"HTTP %1%2"_s.arg(QString::number(answer->status),
                                             detail.isEmpty() ? detail : u": "_s + detail));
    }
    const QJsonValue count = body.value(u"running"_s).toObject().value(u"count"_s);
    if (body.value(u"state"_s).toString().isEmpty() || count.toInteger(-1) < 0)
        return Unexpected(u"the answer is not the status of a proxy"_s);
    return body;
}

} // namespace

Result<QJsonObject, QString> askStatus(const config::Settings &settings)
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
    auto status = statusOf(*answer);
    if (!status)
        return Unexpected(u"%1: %2"_s.arg(door->path, status.error()));
    return status;
}

QString statusText(const QJsonObject &status)
{
    const QJsonObject exposure = status.value(u"exposure"_s).toObject();
    const QJsonObject totals = status.value(u"totals"_s).toObject();
    const auto total = [&totals](const QString &name) {
        return QString::number(totals.value(name).toInteger());
    };
    QStringList lines {
        u"%1 for %2, version %3"_s.arg(textOf(status, u"state"),
                                       duration<std::chrono::seconds>(status.value(u"uptime_s"_s)),
                                       textOf(status, u"version")),
        u"listening on %1: %2"_s.arg(textOf(status, u"listening"), textOf(exposure, u"text")),
        u"connections: %1 live, %2 of them tunnels; %3 accepted, %4 finished, %5 refused"_s.arg(
            total(u"live"_s), total(u"tunnels"_s), total(u"connections"_s), total(u"requests"_s),
            total(u"refused"_s)),
        runningLine(status.value(u"running"_s).toObject()),
    };
    if (const QJsonObject certificate = status.value(u"certificate"_s).toObject();
        !certificate.isEmpty()) {
        lines.append(u"certificate: %1 days left, pin %2"_s.arg(
            QString::number(certificate.value(u"days_left"_s).toInteger()),
            textOf(certificate, u"pin")));
    }
    QStringList names;
    for (const QJsonValue &name : status.value(u"set_from_afar"_s).toArray())
        names.append(config::printable(name.toString()));
    if (!names.isEmpty())
        lines.append(u"set by the admin API: %1"_s.arg(names.join(u", "_s)));
    for (const QJsonValue &parent : status.value(u"parents"_s).toArray())
        lines.append(parentLine(parent.toObject()));
    return lines.join(u'\n') + u'\n';
}

} // namespace sami::daemon
