// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/configerror.h"
#include "config/optionparsers.h"
#include "config/settings.h"

#include <QList>
#include <QString>

/// Checks of the admin doors: each entry alone, and together with the other settings. For the
/// loader; any thread.
namespace sami::config {

/// PROXY_ADMIN: entries separated by commas, eight at most.
[[nodiscard]] Parsed<QList<AdminDoor>> parseAdminDoors(const QString &text);
/// PROXY_METRICS: one ADDRESS:PORT, at any address.
[[nodiscard]] Parsed<std::optional<AdminDoor>> parseMetricsDoor(const QString &text);
/// Empty without a door.
[[nodiscard]] QString formatMetricsDoor(const std::optional<AdminDoor> &door);

/// How the operator spelled each setting, for the errors.
struct AdminNames
{
    QString doors;   ///< of PROXY_ADMIN
    QString metrics; ///< of PROXY_METRICS
    QString hosts;   ///< of PROXY_ADMIN_HOSTS; empty if not given
    QString tokens;  ///< of PROXY_ADMIN_TOKENS_FILE; empty if not given
};

struct AdminVerdict
{
    QList<ConfigError> errors;
    QStringList warnings;
};

/// Checks the doors once the other settings are known:
///
///     a door at the proxy's own port, or two at the same port          error
///     `tls:` without a certificate, or with PROXY_TLS off              error
///     a TCP door without a tokens file and without a state folder      error
///     PROXY_METRICS on more than loopback                              warning
///     PROXY_ADMIN_HOSTS or _TOKENS_FILE without PROXY_ADMIN            warning
///
/// A Unix socket needs no tokens: the kernel identifies its peer.
[[nodiscard]] AdminVerdict judgeAdmin(const Settings &settings, const AdminNames &names);

} // namespace sami::config
