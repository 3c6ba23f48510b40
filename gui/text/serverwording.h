// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/parents.h"
#include "route/parentstate.h"

#include <QCoreApplication>
#include <QString>

#include <optional>

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

    /// Its state: "In use, 31 ms away, its certificate is good for 364 days". Of a server that
    /// fails it says why, and names its certificate only if that has expired.
    [[nodiscard]] static QString state(const route::ParentState &server, WallTime now);
    /// A connection's route: the server's name, or "directly".
    [[nodiscard]] static QString way(const QByteArray &route);
    /// What the server does wrong, worded to follow its name: "cannot be reached".
    [[nodiscard]] static QString fault(route::ParentFault fault);
    /// What the user is told when requests take another way out. `from` and `to` are a server's
    /// name, "direct", or empty for no healthy server. `fault` is that of the server that was left.
    [[nodiscard]] static QString switched(const QByteArray &from, const QByteArray &to,
                                          std::optional<route::ParentFault> fault);

private:
    [[nodiscard]] static QString condition(const route::ParentState &server);
    [[nodiscard]] static QString certificate(WallTime until, WallTime now);
    [[nodiscard]] static QString encryption(const config::Parent &server);
};

} // namespace sami::gui
