// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/text/exposuretext.h"

#include "config/exposure.h"
#include "config/hosttext.h"

namespace sami::gui {

ExposureLevel ExposureText::level(const config::Settings &settings)
{
    if (config::listensOnLoopbackOnly(settings))
        return ExposureLevel::ThisComputer;
    if (config::isOpenToEveryone(settings))
        return ExposureLevel::Everyone;
    return settings.access.allowedClients.isEmpty() ? ExposureLevel::WhoKnowsPassword
                                                    : ExposureLevel::ListedClients;
}

QList<ExposureFix> ExposureText::fixes(ExposureLevel level)
{
    if (level != ExposureLevel::Everyone)
        return {};
    return { ExposureFix::SetPassword, ExposureFix::OnlyPrivateNetworks,
             ExposureFix::OnlyThisComputer };
}

QString ExposureText::action(ExposureFix fix)
{
    switch (fix) {
    case ExposureFix::SetPassword:
        return tr("Set a password");
    case ExposureFix::OnlyPrivateNetworks:
        return tr("Only private networks");
    case ExposureFix::OnlyThisComputer:
        return tr("Only this computer");
    }
    return {};
}

QString ExposureText::sentence(const config::Settings &settings, quint16 port)
{
    const QString who = whoSentence(settings, port);
    return config::isHostListOnlyReported(settings.access) ? who + QLatin1Char(' ')
            + tr("The list of hosts is only reported: every host can be reached.")
                                                           : who;
}

QString ExposureText::whoSentence(const config::Settings &settings, quint16 port)
{
    const bool asks = settings.access.credentials.has_value();
    const QString firewall = QLatin1Char(' ') + tr("A firewall may still block them.");
    switch (level(settings)) {
    case ExposureLevel::ThisComputer:
        return asks ? tr("Only programs on this computer can use it, with the password.")
                    : tr("Only programs on this computer can use it.");
    case ExposureLevel::ListedClients:
        return (asks ? tr("The clients in the list of allowed IPs can use it, with the password.")
                     : tr("The clients in the list of allowed IPs can use it, without a password."))
            + firewall;
    case ExposureLevel::WhoKnowsPassword:
        return tr("Anyone who can reach port %1 and knows the password can use it.").arg(port)
            + firewall;
    case ExposureLevel::Everyone:
        return tr("ANYONE who can reach port %1 can use it, without a password.").arg(port)
            + firewall;
    }
    return {};
}

} // namespace sami::gui
