// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "admin/facts.h"

#include "admin/values.h"
#include "base/version.h"
#include "config/exposure.h"
#include "config/optiontable.h"
#include "config/remotesettings.h"
#include "server/vitals.h"

#include <algorithm>

namespace sami::admin {

using namespace Qt::StringLiterals;
using std::chrono::duration_cast;

namespace {

/// Who can use the proxy, from the fewest to everyone.
struct Exposed
{
    const char *level;
    const char *text;
};

Exposed exposedOf(const config::Settings &settings)
{
    if (config::listensOnLoopbackOnly(settings))
        return { "this_computer", "Only programs on this computer can use it." };
    config::Settings open = settings;
    open.access.credentials.reset();
    open.users = {};
    if (!config::isOpenToEveryone(open))
        return { "listed_clients", "Clients that ALLOWED_IPS lists can use it." };
    if (config::asksForPassword(settings))
        return { "who_knows_password",
                 "Anyone who reaches the port and knows the password can use it." };
    return { "everyone", "ANYONE who reaches the port can use it." };
}

QJsonObject exposureOf(const config::Settings &settings)
{
    const Exposed exposed = exposedOf(settings);
    const auto &access = settings.access;
    const char *tls = !config::speaksTls(settings)      ? "none"
        : settings.tls.mode == config::TlsMode::Require ? "required"
                                                        : "possible";
    const char *hosts = access.allowedHosts.isEmpty()   ? "all"
        : access.hostsMode == policy::HostsMode::Report ? "reported"
                                                        : "listed";
    return { { u"level"_s, QString::fromLatin1(exposed.level) },
             { u"text"_s, QString::fromLatin1(exposed.text) },
             { u"asks_password"_s, config::asksForPassword(settings) },
             { u"only_private"_s, config::reliesOnPrivate(settings) },
             { u"tls"_s, QString::fromLatin1(tls) },
             { u"socks5"_s, config::speaksSocks5(settings) },
             { u"hosts"_s, QString::fromLatin1(hosts) } };
}

QJsonObject parentOf(const route::ParentState &parent)
{
    QJsonObject object { { u"name"_s, QString::fromUtf8(parent.name) },
                         { u"kind"_s, QString::fromLatin1(toString(parent.kind)) },
                         { u"condition"_s, QString::fromLatin1(toString(parent.condition)) },
                         { u"preferred"_s, parent.isPreferred },
                         { u"barred"_s, parent.isBarred } };
    if (parent.fault)
        object[u"fault"_s] = QString::fromLatin1(toString(*parent.fault));
    if (parent.rest > Clock::duration::zero())
        object[u"rest_ms"_s] = milliseconds(parent.rest);
    if (parent.latency)
        object[u"latency_ms"_s] = milliseconds(*parent.latency);
    return object;
}

QJsonObject certificateOf(const Facts &facts, WallTime until, WallTime now)
{
    return { { u"pin"_s, QString::fromLatin1(facts.pin) },
             { u"own"_s, facts.isOwnCertificate },
             { u"expires_at"_s, moment(until) },
             { u"days_left"_s,
               qint64(std::chrono::floor<std::chrono::days>(until - now).count()) } };
}

const char *sourceOf(config::Source source)
{
    switch (source) {
    case config::Source::Default:
        return "default";
    case config::Source::File:
        return "file";
    case config::Source::State:
        return "state";
    case config::Source::Environment:
        return "environment";
    case config::Source::CommandLine:
        return "command_line";
    }
    return "";
}

} // namespace

Facts factsOf(const server::Effective &effective)
{
    const config::Settings &settings = effective.settings;
    Facts facts;
    facts.listening = { settings.listen.address, settings.listen.port };
    facts.exposure = exposureOf(settings);
    facts.limits = { { u"connections"_s, settings.limits.maxConnections },
                     { u"connections_per_client"_s, settings.limits.maxConnectionsPerClient },
                     { u"threads"_s, settings.limits.threads },
                     { u"silence_ms"_s, milliseconds(settings.timeouts.silence) } };
    facts.pin = effective.pin;
    facts.isOwnCertificate = settings.tls.certificateFile.isEmpty();
    return facts;
}

QJsonObject runningOf(const QList<account::ConnectionSnapshot> &rows)
{
    qint64 count = 0;
    Clock::duration oldest {};
    Clock::duration silent = Clock::duration::max();
    for (const account::ConnectionSnapshot &row : rows) {
        if (row.phase == account::ConnectionPhase::AwaitingRequest)
            continue;
        ++count;
        oldest = std::max(oldest, row.age);
        silent = std::min({ silent, row.sinceUp, row.sinceDown });
    }
    QJsonObject object { { u"count"_s, count } };
    if (count > 0) {
        object[u"oldest_ms"_s] = milliseconds(oldest);
        object[u"silent_ms"_s] = milliseconds(silent);
    }
    return object;
}

QJsonObject statusOf(const Facts &facts, const server::Condition &condition,
                     const LiveStatus &liveStatus)
{
    QJsonArray parents;
    for (const route::ParentState &parent : condition.parents)
        parents.append(parentOf(parent));
    const auto uptime = duration_cast<std::chrono::seconds>(liveStatus.at - condition.startedAt);
    QJsonObject object {
        { u"state"_s, runState(liveStatus.state) },
        { u"version"_s, u"" SAMI_VERSION ""_s },
        { u"started_at"_s, moment(condition.startedAt) },
        { u"uptime_s"_s, qint64(std::max<qint64>(uptime.count(), 0)) },
        { u"listening"_s, QString::fromLatin1(facts.listening.toByteArray()) },
        { u"exposure"_s, facts.exposure },
        { u"limits"_s, facts.limits },
        { u"totals"_s, totals(liveStatus.totals) },
        { u"running"_s, liveStatus.running },
        { u"parents"_s, parents },
        { u"set_from_afar"_s, facts.setFromAfar },
    };
    if (!facts.pin.isEmpty() && condition.certificateUntil)
        object[u"certificate"_s] = certificateOf(facts, *condition.certificateUntil, liveStatus.at);
    return object;
}

QJsonObject steadyPartOf(QJsonObject status)
{
    for (const QString &moving : { u"uptime_s"_s, u"totals"_s, u"running"_s })
        status.remove(moving);
    return status;
}

QJsonArray namesSetFromAfar(const config::LoadedSettings &loaded)
{
    QJsonArray names;
    for (const config::EffectiveOption &effective : loaded.options) {
        if (effective.source == config::Source::State)
            names.append(effective.option->environmentName().toLower());
    }
    return names;
}

QJsonArray settingRows(const config::LoadedSettings &loaded)
{
    QJsonArray rows;
    for (const config::EffectiveOption &effective : loaded.options) {
        const config::Option &option = *effective.option;
        rows.append(QJsonObject {
            { u"name"_s, option.environmentName().toLower() },
            { u"value"_s, option.shown(effective.text) },
            { u"source"_s, QString::fromLatin1(sourceOf(effective.source)) },
            { u"settable"_s, config::RemoteSettings::isSettable(option) },
            { u"locked"_s, effective.source >= config::Source::Environment },
        });
    }
    return rows;
}

} // namespace sami::admin
