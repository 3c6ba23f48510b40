// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/control/strandedstreams.h"

#include "config/exposure.h"

#include <QHostAddress>

#include <algorithm>
#include <array>

namespace sami::gui {

namespace {

using account::ConnectionPhase;
using account::ConnectionSnapshot;

/// More would make the question unreadable.
constexpr qsizetype maxNames = 5;

constexpr std::array privateRanges { "10.0.0.0/8",     "172.16.0.0/12", "192.168.0.0/16",
                                     "100.64.0.0/10",  "127.0.0.0/8",   "::1/128",
                                     "169.254.0.0/16", "fc00::/7",      "fe80::/10" };

bool isRunning(const ConnectionSnapshot &row)
{
    return row.phase == ConnectionPhase::Connecting || row.phase == ConnectionPhase::Exchange
        || row.phase == ConnectionPhase::Tunnel;
}

bool isPrivate(const QHostAddress &address)
{
    return std::any_of(privateRanges.begin(), privateRanges.end(), [&](const char *text) {
        const auto range = policy::Cidr::parse(text);
        return range && range->contains(address);
    });
}

bool letsClientIn(const config::Settings &settings, const ConnectionSnapshot &row,
                  const policy::PrivateClients &privateClients)
{
    const QHostAddress &client = row.client.address;
    if (config::listensOnLoopbackOnly(settings) && !client.isLoopback())
        return false;
    const QList<policy::ClientEntry> &allowed = settings.access.allowedClients;
    return allowed.isEmpty() || policy::anyHolds(allowed, client, privateClients);
}

bool letsReach(const policy::PrivateTargets &targets, const QHostAddress &address)
{
    return targets.all || !isPrivate(address)
        || std::any_of(targets.allowed.begin(), targets.allowed.end(),
                       [&](const policy::Cidr &range) { return range.contains(address); });
}

bool letsReach(const config::Settings &settings, const ConnectionSnapshot &row)
{
    const Endpoint &to = row.endpoint;
    if (to.host.isEmpty())
        return true;
    const policy::AccessRules &rules = settings.access;
    const bool isListed = rules.allowedHosts.isEmpty()
        || rules.hostsMode == policy::HostsMode::Report
        || std::any_of(rules.allowedHosts.begin(), rules.allowedHosts.end(),
                       [&](const policy::HostEntry &entry) {
                           return entry.matches(to.host, to.port);
                       });
    const bool isPortListed =
        std::any_of(rules.allowedPorts.begin(), rules.allowedPorts.end(),
                    [&](const policy::PortRange &range) { return range.contains(to.port); });
    const std::optional<QHostAddress> address = to.literalAddress();
    return isListed && isPortListed && (!address || letsReach(rules.privateTargets, *address));
}

/// Whether the new settings require a password, and this stream began without one or with one that
/// is no longer valid.
bool lacksSignIn(const config::Settings &before, const config::Settings &now,
                 const ConnectionSnapshot &row)
{
    if (!config::asksForPassword(now))
        return false;
    if (!config::asksForPassword(before))
        return true;
    // Only the streams of this user: the proxy itself cuts those of users in the file.
    const auto &pair = before.access.credentials;
    return pair && row.user == pair->username && now.access.credentials != pair;
}

QString nameOf(const ConnectionSnapshot &row)
{
    const QString client = row.client.address.toString();
    return row.endpoint.host.isEmpty()
        ? client
        : client + QStringLiteral(" → ") + QString::fromUtf8(row.endpoint.toByteArray());
}

} // namespace

StrandedStreams StrandedStreams::of(const config::Settings &before, const config::Settings &now,
                                    const QList<ConnectionSnapshot> &live,
                                    const policy::PrivateClients &privateClients)
{
    StrandedStreams stranded;
    for (const ConnectionSnapshot &row : live) {
        if (!isRunning(row))
            continue;
        if (letsClientIn(before, row, privateClients) && !letsClientIn(now, row, privateClients))
            stranded.clients.append(row.id);
        else if (letsReach(before, row) && !letsReach(now, row))
            stranded.destinations.append(row.id);
        else if (lacksSignIn(before, now, row))
            stranded.credentials.append(row.id);
        else
            continue;
        if (const QString name = nameOf(row); !stranded.names.contains(name))
            stranded.names.append(name);
    }
    return stranded;
}

QString StrandedStreams::question() const
{
    QStringList lines;
    if (!clients.isEmpty())
        lines.append(tr("%n running stream(s) belong to clients that may no longer use the proxy.",
                        nullptr, int(clients.size())));
    if (!destinations.isEmpty())
        lines.append(tr("%n running stream(s) go to destinations that are no longer allowed.",
                        nullptr, int(destinations.size())));
    if (!credentials.isEmpty())
        lines.append(
            tr("%n running stream(s) began without a user name and password that are valid "
               "now.",
               nullptr, int(credentials.size())));
    lines.append(QString());
    lines.append(names.first(qMin(names.size(), maxNames)));
    if (names.size() > maxNames)
        lines.append(QStringLiteral("…"));
    return lines.join(QLatin1Char('\n'));
}

QString StrandedStreams::title()
{
    return tr("Streams under the old settings");
}

QString StrandedStreams::closeLabel()
{
    return tr("Close them");
}

QString StrandedStreams::finishLabel()
{
    return tr("Let them finish");
}

} // namespace sami::gui
