// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "config/settings.h"

#include <QByteArray>
#include <QString>

namespace sami::daemon {

/// Asks the proxy that runs with these settings how it is, by the first Unix socket of its
/// PROXY_ADMIN: what GET /api/v1/status says, JSON and a line end. The error is for a person.
/// Blocks for five seconds at most.
[[nodiscard]] Result<QByteArray, QString> askStatus(const config::Settings &settings);

/// The same for people: a few lines of English.
[[nodiscard]] QString statusText(const QByteArray &json);

/// What a Unix socket answers to that request, until it closes; the platform's part of it.
[[nodiscard]] Result<QByteArray, QString> askUnixSocket(const QString &path,
                                                        const QByteArray &request);

} // namespace sami::daemon
