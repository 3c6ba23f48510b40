// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/control/testproviders.h"

#include <QHostAddress>

namespace sami::gui {

namespace {

/// After three refusals, more would say nothing new.
constexpr qsizetype most = 3;
constexpr quint16 httpsPort = 443;

/// Whether the pattern is a full host name that can be requested as it is.
bool isProvider(const policy::HostPattern &pattern)
{
    return !pattern.matchesSubdomains && pattern.port.value_or(httpsPort) == httpsPort
        && QHostAddress(QString::fromLatin1(pattern.host)).isNull() && pattern.host.contains('.');
}

} // namespace

QList<QByteArray> testProviders(const policy::AccessRules &rules)
{
    QList<QByteArray> hosts;
    for (const policy::HostEntry &entry : rules.allowedHosts) {
        // One host per preset is enough: the others are allowed or refused together with it.
        for (const policy::HostPattern &pattern : entry.patterns()) {
            if (!isProvider(pattern))
                continue;
            if (!hosts.contains(pattern.host))
                hosts.append(pattern.host);
            break;
        }
    }
    if (hosts.isEmpty())
        hosts = { "api.openai.com", "api.anthropic.com", "generativelanguage.googleapis.com" };
    return hosts.first(qMin(hosts.size(), most));
}

} // namespace sami::gui
