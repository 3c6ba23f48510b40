// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/settings.h"

#include <QCoreApplication>
#include <QString>

namespace sami::gui {

/// Who can use the proxy with these settings, in words. Pure.
class ExposureText
{
    Q_DECLARE_TR_FUNCTIONS(sami::gui::ExposureText)

public:
    /// "Only programs on this computer can use it." … "ANYONE who can reach port 8080 can use it,
    /// without a password. A firewall may still block them."
    [[nodiscard]] static QString sentence(const config::Settings &settings, quint16 port);
};

} // namespace sami::gui
