// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "config/settings.h"

#include <QByteArray>
#include <QString>

namespace sami::daemon {

/// The status of the proxy that runs with these settings, from the first Unix socket of its
/// PROXY_ADMIN: the answer to GET /api/v1/status, JSON with a line end. The error is for a person.
/// Blocks for at most five seconds.
[[nodiscard]] Result<QByteArray, QString> askStatus(const config::Settings &settings);

/// The same for people: a few lines of English.
[[nodiscard]] QString statusText(const QByteArray &json);

/// The answer of a Unix socket to that request, until it closes; implemented per platform.
[[nodiscard]] Result<QByteArray, QString> askUnixSocket(const QString &path,
                                                        const QByteArray &request);

} // namespace sami::daemon
