// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "config/settings.h"

#include <QByteArray>
#include <QJsonObject>
#include <QString>

namespace sami::daemon {

/// The status of the proxy that runs with these settings, from the first Unix socket of its
/// PROXY_ADMIN: the answer to GET /api/v1/status. The error is for a person, also if another
/// program answers, or the answer is cut short: nobody may take that for "a restart cuts nothing".
/// Blocks for at most five seconds.
[[nodiscard]] Result<QJsonObject, QString> askStatus(const config::Settings &settings);

/// The same for people: a few lines of English, printable().
[[nodiscard]] QString statusText(const QJsonObject &status);

/// The answer of a Unix socket to that request, until it closes; implemented per platform. Blocks
/// for at most five seconds in all.
[[nodiscard]] Result<QByteArray, QString> askUnixSocket(const QString &path,
                                                        const QByteArray &request);

} // namespace sami::daemon
