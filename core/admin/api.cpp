// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "admin/api.h"

#include "admin/audit.h"
#include "admin/metricstext.h"
#include "admin/page.h"
#include "admin/values.h"
#include "http/syntax.h"
#include "server/vitals.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <utility>

namespace sami::admin {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype usualConnections = 10'000;
constexpr qsizetype usualFinished = 100;
constexpr qint64 maxGrace = 86'400'000; // a day, in milliseconds

AdminReply jsonOf(const QJsonObject &object)
{
    return jsonReply(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

AdminReply page(const Request &request)
{
    const PageFile *file = pageFile(request.match.path);
    AdminReply reply { 200, file->type, {}, {} };
    reply.fields.append("Vary", "Accept-Encoding");
    if (request.head.fields.listContains("Accept-Encoding", "deflate"))
        reply.body = deflatedContentOf(*file);
    if (reply.body.isEmpty())
        reply.body = contentOf(*file);
    else
        reply.fields.append("Content-Encoding", "deflate");
    return reply;
}

AdminReply metrics(const Request &request, const server::Vitals &vitals)
{
    const MetricsFormat format =
        metricsFormat(request.head.fields.value("Accept").value_or(QByteArrayView()));
    return { 200, metricsContentType(format), metricsText(vitals, format), {} };
}

/// The grace time of a drain; the error is the answer.
Result<std::optional<std::chrono::milliseconds>, AdminReply> graceOf(const QByteArray &body)
{
    using Grace = std::optional<std::chrono::milliseconds>;
    if (body.isEmpty())
        return Grace();
    QJsonParseError fault {};
    const QJsonDocument document = QJsonDocument::fromJson(body, &fault);
    if (fault.error != QJsonParseError::NoError || !document.isObject())
        return Unexpected(problemReply(Problem::BadRequest, "The body is not a JSON object."));
    const QJsonObject order = document.object();
    if (order.isEmpty())
        return Grace();
    const QJsonValue grace = order.value(u"grace_ms"_s);
    const double number = grace.toDouble(-1);
    const bool isWhole =
        number >= 0 && number <= double(maxGrace) && number == double(static_cast<qint64>(number));
    if (order.size() != 1 || !grace.isDouble() || !isWhole)
        return Unexpected(problemReply(
            Problem::BadValue, "The order may have grace_ms, a whole number of 0 to 86400000."));
    return Grace(static_cast<qint64>(number));
}

} // namespace

Api::Api(Observer &observer, Orders orders, Answer answer, BeginEvents beginEvents)
    : m_observer(observer), m_orders(std::move(orders)), m_answer(std::move(answer)),
      m_beginEvents(std::move(beginEvents))
{}

void Api::setSettings(const config::LoadedSettings &loaded,
                      const policy::PrivateClients &privateClients, quint64 edition)
{
    m_settings.renew(loaded, privateClients, edition);
}

void Api::serve(quint64 connection, const Request &request)
{
    switch (request.match.route->action) {
    case Action::Page:
        m_answer(connection, page(request));
        return;
    case Action::Metrics:
        m_answer(connection, metrics(request, m_orders.vitals()));
        return;
    case Action::Settings:
        m_answer(connection, m_settings.rows());
        return;
    case Action::CloseConnection:
        closeConnection(connection, request);
        return;
    case Action::LiftBlock:
        liftBlock(connection, request);
        return;
    case Action::SetSetting:
        setSetting(connection, request);
        return;
    case Action::Drain:
        drain(connection, request);
        return;
    case Action::EnableUser:
        setUserEnabled(connection, request, true);
        return;
    case Action::DisableUser:
        setUserEnabled(connection, request, false);
        return;
    case Action::Events:
        if (request.head.method == "HEAD") {
            m_answer(connection, { 200, "text/event-stream; charset=utf-8", {}, {} });
            return;
        }
        m_observer.observe(Clock::now(),
                           [this, connection, request] { m_beginEvents(connection, request); });
        return;
    case Action::Status:
    case Action::Connections:
    case Action::Finished:
    case Action::Refusals:
    case Action::Blocks:
    case Action::Users:
        break;
    }
    m_observer.observe(Clock::now(),
                       [this, connection, request] { m_answer(connection, made(request)); });
}

AdminReply Api::made(const Request &request) const
{
    switch (request.match.route->action) {
    case Action::Status:
        return status(request);
    case Action::Connections:
        return connections(request.match);
    case Action::Finished:
        return finished(request.match);
    case Action::Refusals:
        return jsonOf({ { u"rows"_s, refusals(m_observer.picture().refusals()) } });
    case Action::Blocks:
        return jsonOf({ { u"rows"_s, blocks(m_observer.picture().blocks()) } });
    case Action::Users:
        return m_users.rows(m_observer.users(), m_observer.seen().connections,
                            QDateTime::currentDateTimeUtc().date());
    case Action::Page:
    case Action::CloseConnection:
    case Action::LiftBlock:
    case Action::EnableUser:
    case Action::DisableUser:
    case Action::Settings:
    case Action::SetSetting:
    case Action::Drain:
    case Action::Events:
    case Action::Metrics:
        break; // serve() answers them without the observer's state
    }
    return {};
}

AdminReply Api::status(const Request &request) const
{
    QJsonObject object =
        statusOf(m_observer.facts(), m_orders.condition(), m_observer.liveStatus());
    object[u"caller"_s] = callerObject(request.caller);
    return jsonOf(object);
}

AdminReply Api::connections(const Match &match) const
{
    const QList<account::ConnectionSnapshot> &all = m_observer.seen().connections;
    const auto from = std::upper_bound(
        all.cbegin(), all.cend(), match.after.value_or(0),
        [](quint64 after, const account::ConnectionSnapshot &row) { return after < row.id; });
    const auto most =
        std::min(qsizetype(match.limit.value_or(usualConnections)), qsizetype(all.cend() - from));
    QJsonArray rows;
    std::for_each(from, from + most, [&rows](const account::ConnectionSnapshot &row) {
        rows.append(connection(row));
    });
    return jsonOf({ { u"total"_s, qint64(all.size()) }, { u"rows"_s, rows } });
}

AdminReply Api::finished(const Match &match) const
{
    const QList<account::FinishedWork> &all = m_observer.finished();
    const auto limit = qsizetype(match.limit.value_or(usualFinished));
    qsizetype from = std::max<qsizetype>(all.size() - limit, 0);
    if (match.after) {
        from = std::upper_bound(all.cbegin(), all.cend(), *match.after,
                                [](quint64 after, const account::FinishedWork &work) {
                                    return after < work.number;
                                })
            - all.cbegin();
    }
    const qsizetype to = std::min(from + limit, all.size());
    QJsonArray rows;
    for (qsizetype i = from; i < to; ++i)
        rows.append(admin::finished(all[i]));
    const quint64 total = m_observer.finishedCount();
    const quint64 next = to > from ? all[to - 1].number : match.after.value_or(total);
    return jsonOf(
        { { u"total"_s, qint64(total) }, { u"next"_s, qint64(next) }, { u"rows"_s, rows } });
}

void Api::closeConnection(quint64 connection, const Request &request)
{
    m_observer.observe(Clock::now(), [this, connection, request] {
        const QByteArray &text = request.match.parameters.first();
        const auto id = http::parseDecimal(text);
        const auto &all = m_observer.seen().connections;
        const bool isThere = id
            && std::any_of(all.cbegin(), all.cend(),
                           [&id](const account::ConnectionSnapshot &row) { return row.id == *id; });
        if (!isThere) {
            m_answer(connection,
                     problemReply(Problem::NotFound, "There is no such connection any more."));
            return;
        }
        audit(request.caller, "close_connection", text);
        m_orders.closeConnection(*id);
        m_answer(connection, doneReply());
    });
}

void Api::liftBlock(quint64 connection, const Request &request)
{
    const QByteArray text = request.match.parameters.first();
    const auto address = Endpoint { text, 0 }.literalAddress();
    const AdminReply none = problemReply(Problem::NotFound, "This address is not blocked.");
    if (!address) {
        m_answer(connection, none);
        return;
    }
    m_orders.liftBlock(*address, [this, connection, request, text, none](bool wasBlocked) {
        if (wasBlocked)
            audit(request.caller, "lift_block", text);
        m_answer(connection, wasBlocked ? doneReply() : none);
    });
}

void Api::setSetting(quint64 connection, const Request &request)
{
    const auto order = m_settings.judge(request);
    if (!order) {
        m_answer(connection, order.error());
        return;
    }
    // AdminServer writes the audit line: the change may be the one that hides such lines.
    m_orders.setSetting(*order, [this, connection, order = *order](const SettingOutcome &outcome) {
        m_answer(connection, outcome ? m_settings.done(order, *outcome) : outcome.error());
    });
}

void Api::drain(quint64 connection, const Request &request)
{
    const auto grace = graceOf(request.body);
    if (!grace) {
        m_answer(connection, grace.error());
        return;
    }
    const QByteArray limit = *grace ? QByteArray::number(qint64((*grace)->count())) + "ms" : "-";
    m_orders.drain(*grace, [this, connection, caller = request.caller, limit](bool isTaken) {
        if (!isTaken) {
            m_answer(
                connection,
                problemReply(Problem::Conflict,
                             "The proxy stops already; only a shorter grace_ms changes that."));
            return;
        }
        audit(caller, "drain", limit);
        m_answer(connection, { 202, {}, {}, {} });
    });
}

void Api::setUserEnabled(quint64 connection, const Request &request, bool isEnabled)
{
    const QByteArray &name = request.match.parameters.first();
    AdminReply reply = m_users.setEnabled(name, isEnabled);
    if (reply.status != doneReply().status) {
        m_answer(connection, reply);
        return;
    }
    audit(request.caller, isEnabled ? "enable_user" : "disable_user", name);
    m_orders.readUsers([this, connection, reply] { m_answer(connection, reply); });
}

} // namespace sami::admin
