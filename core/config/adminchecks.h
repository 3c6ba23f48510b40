// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/configerror.h"
#include "config/optionparsers.h"
#include "config/settings.h"

#include <QList>
#include <QString>

/// What is judged of the admin doors: each by itself, and with the other settings. For the loader;
/// every thread.
namespace sami::config {

/// PROXY_ADMIN: entries with commas between them, eight at most.
[[nodiscard]] Parsed<QList<AdminDoor>> parseAdminDoors(const QString &text);
/// PROXY_METRICS: one ADDRESS:PORT; any address.
[[nodiscard]] Parsed<std::optional<AdminDoor>> parseMetricsDoor(const QString &text);
/// Empty for nothing.
[[nodiscard]] QString formatMetricsDoor(const std::optional<AdminDoor> &door);

/// How the operator wrote what is judged.
struct AdminNames
{
    QString doors;   ///< of PROXY_ADMIN
    QString metrics; ///< of PROXY_METRICS
    QString hosts;   ///< of PROXY_ADMIN_HOSTS; empty: it is not given
    QString tokens;  ///< of PROXY_ADMIN_TOKENS_FILE; empty: it is not given
};

struct AdminVerdict
{
    QList<ConfigError> errors;
    QStringList warnings;
};

/// Judges the doors of settings that are known otherwise:
///
///     a door at the proxy's own port, or two at the same port          error
///     `tls:` where there is no certificate, or PROXY_TLS is off        error
///     a TCP door, with neither a tokens file nor a state folder        error
///     PROXY_METRICS beyond loopback                                    warning
///     PROXY_ADMIN_HOSTS or _TOKENS_FILE without PROXY_ADMIN            warning
///
/// A Unix socket needs no tokens: its peer is known.
[[nodiscard]] AdminVerdict judgeAdmin(const Settings &settings, const AdminNames &names);

} // namespace sami::config
