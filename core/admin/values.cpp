// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "admin/values.h"

#include "admin/request.h"

#include <QDateTime>

#include <algorithm>
#include <chrono>

namespace sami::admin {

using namespace Qt::StringLiterals;

namespace {

/// For clients' octets: invalid UTF-8 becomes replacement characters.
void put(QJsonObject &object, const QString &name, const QByteArray &text)
{
    if (!text.isEmpty())
        object[name] = QString::fromUtf8(text);
}

void put(QJsonObject &object, const QString &name, const std::optional<Clock::duration> &duration)
{
    if (duration)
        object[name] = milliseconds(*duration);
}

void putEndpoint(QJsonObject &object, const Endpoint &endpoint)
{
    if (endpoint.host.isEmpty())
        return;
    object[u"host"_s] = QString::fromUtf8(endpoint.host);
    object[u"port"_s] = int(endpoint.port);
}

void putEntrance(QJsonObject &object, const account::Entrance &entrance)
{
    object[u"front"_s] = QString::fromLatin1(toString(entrance.front));
    if (entrance.tls != account::TlsVersion::None)
        object[u"tls"_s] = QString::fromLatin1(toString(entrance.tls));
}

/// The fields that live and finished rows share.
template <typename Row> void putCommon(QJsonObject &object, const Row &row)
{
    object[u"id"_s] = qint64(row.id);
    object[u"up"_s] = qint64(row.up);
    object[u"down"_s] = qint64(row.down);
    putEntrance(object, row.entrance);
    if (row.via)
        object[u"via"_s] = QString::fromLatin1(addressText(*row.via));
    put(object, u"user"_s, row.user);
    put(object, u"method"_s, row.method);
    put(object, u"target"_s, row.target);
    putEndpoint(object, row.endpoint);
    put(object, u"route"_s, row.route);
    put(object, u"dial_ms"_s, row.dial);
    put(object, u"first_byte_ms"_s, row.firstByte);
}

} // namespace

QJsonValue milliseconds(Clock::duration duration)
{
    const auto whole = std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
    return qint64(std::max<decltype(whole)>(whole, 0));
}

QJsonValue moment(WallTime when)
{
    const auto since = std::chrono::floor<std::chrono::milliseconds>(when.time_since_epoch());
    return QDateTime::fromMSecsSinceEpoch(since.count(), Qt::UTC).toString(Qt::ISODateWithMs);
}

QString runState(account::RunState state)
{
    switch (state) {
    case account::RunState::Stopped:
        break;
    case account::RunState::Running:
        return u"running"_s;
    case account::RunState::Draining:
        return u"draining"_s;
    }
    return u"stopped"_s;
}

QJsonObject callerObject(const AdminCaller &caller)
{
    return { { u"name"_s, QString::fromLatin1(caller.name) },
             { u"right"_s, QString::fromLatin1(toString(caller.right)) } };
}

QJsonObject totals(const account::Totals &totals)
{
    return { { u"connections"_s, qint64(totals.connections) },
             { u"requests"_s, qint64(totals.requests) },
             { u"refused"_s, qint64(totals.refused) },
             { u"up"_s, qint64(totals.up) },
             { u"down"_s, qint64(totals.down) },
             { u"live"_s, qint64(totals.live) },
             { u"tunnels"_s, qint64(totals.tunnels) },
             { u"exchanges"_s, qint64(totals.exchanges) } };
}

QJsonObject connection(const account::ConnectionSnapshot &row)
{
    QJsonObject object { { u"client"_s, QString::fromLatin1(row.client.toByteArray()) },
                         { u"phase"_s, QString::fromLatin1(toString(row.phase)) },
                         { u"requests"_s, qint64(row.requests) },
                         { u"age_ms"_s, milliseconds(row.age) },
                         { u"since_up_ms"_s, milliseconds(row.sinceUp) },
                         { u"since_down_ms"_s, milliseconds(row.sinceDown) },
                         { u"longest_silence_ms"_s, milliseconds(row.longestSilence) } };
    putCommon(object, row);
    return object;
}

QJsonObject finished(const account::FinishedWork &work)
{
    QJsonObject object { { u"finished_at"_s, moment(work.finishedAt) },
                         { u"client"_s, QString::fromLatin1(addressText(work.client)) },
                         { u"status"_s, work.status },
                         { u"duration_ms"_s, milliseconds(work.duration) },
                         { u"silence_ms"_s, milliseconds(work.silence) },
                         { u"by"_s, QString::fromLatin1(toString(work.ending.by)) },
                         { u"how"_s, QString::fromLatin1(toString(work.ending.how)) } };
    putCommon(object, work);
    put(object, u"route_dial_ms"_s, work.routeDial);
    put(object, u"reason"_s, QByteArray(work.ending.reason.code()));
    if (work.wouldRefuse != policy::Refusal::None)
        object[u"would_refuse"_s] = QString::fromLatin1(toString(work.wouldRefuse));
    return object;
}

QJsonArray refusals(const QList<account::RefusalRow> &rows)
{
    QJsonArray array;
    for (const account::RefusalRow &row : rows) {
        QJsonObject object { { u"client"_s, QString::fromLatin1(addressText(row.client)) },
                             { u"reason"_s, QString::fromLatin1(toString(row.reason)) },
                             { u"count"_s, qint64(row.count) },
                             { u"last_at"_s, moment(row.last) },
                             { u"reported"_s, row.isReported } };
        putEndpoint(object, row.destination);
        array.append(object);
    }
    return array;
}

QJsonArray blocks(const QList<account::BlockRow> &rows)
{
    QJsonArray array;
    for (const account::BlockRow &row : rows) {
        array.append(QJsonObject { { u"address"_s, QString::fromLatin1(addressText(row.address)) },
                                   { u"left_s"_s, qint64(row.left.count()) } });
    }
    return array;
}

QJsonObject changes(const account::Changes &changes)
{
    QJsonArray rows;
    for (const account::ConnectionSnapshot &row : changes.rows)
        rows.append(connection(row));
    QJsonArray gone;
    for (const quint64 id : changes.gone)
        gone.append(qint64(id));
    QJsonArray over;
    for (const account::FinishedWork &work : changes.finished)
        over.append(finished(work));
    QJsonObject object { { u"revision"_s, qint64(changes.revision) },
                         { u"whole"_s, changes.isWhole },
                         { u"state"_s, runState(changes.state) },
                         { u"totals"_s, totals(changes.totals) },
                         { u"rows"_s, rows },
                         { u"gone"_s, gone },
                         { u"finished"_s, over } };
    if (changes.refusals)
        object[u"refusals"_s] = refusals(*changes.refusals);
    if (changes.blocks)
        object[u"blocks"_s] = blocks(*changes.blocks);
    return object;
}

} // namespace sami::admin
