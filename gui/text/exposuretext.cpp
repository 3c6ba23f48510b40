// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/text/exposuretext.h"

#include "config/exposure.h"

namespace sami::gui {

QString ExposureText::sentence(const config::Settings &settings, quint16 port)
{
    const bool asks = settings.access.credentials.has_value();
    if (config::listensOnLoopbackOnly(settings)) {
        return asks ? tr("Only programs on this computer can use it, with the password.")
                    : tr("Only programs on this computer can use it.");
    }
    const QString firewall = QLatin1Char(' ') + tr("A firewall may still block them.");
    if (config::isOpenToEveryone(settings)) {
        return tr("ANYONE who can reach port %1 can use it, without a password.").arg(port)
            + firewall;
    }
    if (settings.access.allowedClients.isEmpty())
        return tr("Anyone who can reach port %1 and knows the password can use it.").arg(port)
            + firewall;
    return (asks ? tr("The clients in the list of allowed IPs can use it, with the password.")
                 : tr("The clients in the list of allowed IPs can use it, without a password."))
        + firewall;
}

} // namespace sami::gui
