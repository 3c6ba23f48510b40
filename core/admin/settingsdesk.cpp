// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "admin/settingsdesk.h"

#include "admin/facts.h"
#include "config/optiontable.h"
#include "config/settingsloader.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>

namespace sami::admin {

using namespace Qt::StringLiterals;

namespace {

/// The value in the body; the error is the answer.
Result<QString, AdminReply> valueOf(const QByteArray &body)
{
    QJsonParseError fault {};
    const QJsonDocument document = QJsonDocument::fromJson(body, &fault);
    if (fault.error != QJsonParseError::NoError || !document.isObject())
        return Unexpected(problemReply(Problem::BadRequest, "The body is not a JSON object."));
    const QJsonObject order = document.object();
    const QJsonValue value = order.value(u"value"_s);
    if (order.size() != 1 || !value.isString()) {
        return Unexpected(problemReply(Problem::BadValue,
                                       "The order has to have value, a text, and nothing else."));
    }
    return value.toString().trimmed();
}

AdminReply lockedReply(const config::Option &option, const QJsonObject &row)
{
    const bool isFlag = row.value(u"source"_s).toString() == u"command_line"_s;
    const QString where = isFlag
        ? u"The command line has %1, which is stronger; change it there."_s.arg(option.flag())
        : u"The environment has %1, which is stronger; change it there."_s.arg(
            option.environmentName());
    return problemReply(Problem::Locked, where.toUtf8());
}

} // namespace

SettingsDesk::SettingsDesk()
{
    hold(R"({"rows":[]})");
}

void SettingsDesk::renew(const config::LoadedSettings &loaded,
                         const policy::PrivateClients &privateClients, quint64 edition)
{
    const QJsonArray rows = settingRows(loaded);
    m_settable.clear();
    for (const auto &row : rows) {
        const QJsonObject object = row.toObject();
        if (object.value(u"settable"_s).toBool())
            m_settable.insert(object.value(u"name"_s).toString(), object);
    }
    hold(QJsonDocument(QJsonObject { { u"rows"_s, rows } }).toJson(QJsonDocument::Compact));
    m_clients = policy::ClientAcl(loaded.settings.access.allowedClients, privateClients);
    m_edition = edition;
}

void SettingsDesk::hold(const QByteArray &json)
{
    m_json = json;
    m_tag =
        '"' + QCryptographicHash::hash(json, QCryptographicHash::Sha256).first(16).toHex() + '"';
}

AdminReply SettingsDesk::rows() const
{
    AdminReply reply = jsonReply(m_json);
    reply.fields.append("ETag", m_tag);
    return reply;
}

Result<SettingOrder, AdminReply> SettingsDesk::judge(const Request &request) const
{
    const QString name = QString::fromUtf8(request.match.parameters.first());
    const auto row = m_settable.constFind(name);
    if (row == m_settable.cend())
        return Unexpected(problemReply(Problem::NotFound, "No such setting can be changed here."));
    if (!request.head.fields.contains("If-Match")) {
        return Unexpected(
            problemReply(Problem::PreconditionRequired,
                         "Say by If-Match which state of the settings this is about: the ETag of "
                         "GET /settings."));
    }
    if (!request.head.fields.listContains("If-Match", m_tag)
        && !request.head.fields.listContains("If-Match", "*")) {
        return Unexpected(problemReply(Problem::PreconditionFailed,
                                       "The settings have changed since; read them again."));
    }
    const auto value = valueOf(request.body);
    if (!value)
        return Unexpected(value.error());
    const config::Option *option = config::findOption(name);
    if (row->value(u"locked"_s).toBool())
        return Unexpected(lockedReply(*option, *row));
    return SettingOrder { option, *value, m_edition, request.caller };
}

/// Whether the proxy's rules turn that client away. Judges by the settings in force, not by the
/// order's value: an empty value brings back what a weaker source says.
bool SettingsDesk::leavesOut(const AdminCaller &caller) const
{
    return !caller.address.isNull() && !m_clients.check(policy::Caller(caller.address)).isAllowed();
}

AdminReply SettingsDesk::done(const SettingOrder &order, const SettingDone &done) const
{
    QJsonObject object {
        { u"setting"_s, m_settable.value(order.option->environmentName().toLower()) },
        { u"kept"_s, done.isKept },
        { u"hints"_s, QJsonArray::fromStringList(done.hints) },
    };
    if (order.option->environmentName() == u"ALLOWED_IPS"_s)
        object[u"leaves_out_caller"_s] = leavesOut(order.caller);
    AdminReply reply = jsonReply(QJsonDocument(object).toJson(QJsonDocument::Compact));
    reply.fields.append("ETag", m_tag);
    return reply;
}

} // namespace sami::admin
