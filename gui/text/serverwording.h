// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/parents.h"

#include <QCoreApplication>
#include <QString>

namespace sami::gui {

/// Describes a parent server in words, without its password. Pure.
class ServerWording
{
    Q_DECLARE_TR_FUNCTIONS(sami::gui::ServerWording)

public:
    /// "vps.example.com:8443, TLS with the pin 3q2+7w…Ks0A=, user ann"
    [[nodiscard]] static QString details(const config::Parent &server);
    /// What the user should check before the server is added to the list.
    [[nodiscard]] static QString question(const config::Parent &server);
    /// The two ends of a pin, enough to compare by eye with what --pin prints.
    [[nodiscard]] static QString shortPin(const QByteArray &pin);

private:
    [[nodiscard]] static QString encryption(const config::Parent &server);
};

} // namespace sami::gui
