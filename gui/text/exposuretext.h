// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/settings.h"

#include <QCoreApplication>
#include <QList>
#include <QString>

namespace sami::gui {

/// Who can use the proxy, from the fewest to everyone.
enum class ExposureLevel {
    ThisComputer,
    ListedClients,
    WhoKnowsPassword, ///< anyone who reaches the port and knows it
    Everyone,
};

/// What makes a proxy that is open to everyone safe.
enum class ExposureFix { SetPassword, OnlyPrivateNetworks, OnlyThisComputer };

/// Who can use the proxy with these settings, in words. Pure.
class ExposureText
{
    Q_DECLARE_TR_FUNCTIONS(sami::gui::ExposureText)

public:
    [[nodiscard]] static ExposureLevel level(const config::Settings &settings);
    /// Any one of them is enough; none where nothing is amiss.
    [[nodiscard]] static QList<ExposureFix> fixes(ExposureLevel level);
    /// For a button: "Set a password".
    [[nodiscard]] static QString action(ExposureFix fix);

    /// "Only programs on this computer can use it." … "ANYONE who can reach port 8080 can use it,
    /// without a password. A firewall may still block them." Says too that the list of hosts is
    /// only reported, if it is.
    [[nodiscard]] static QString sentence(const config::Settings &settings, quint16 port);

private:
    [[nodiscard]] static QString whoSentence(const config::Settings &settings, quint16 port);
};

} // namespace sami::gui
