// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "config/configerror.h"
#include "config/settings.h"

#include <QByteArray>
#include <QString>

/// The commands `token new`, `token list` and `token revoke`. They change the file that a proxy
/// with the same settings reads, whether or not one runs. They block for as long as the disk does.
namespace sami::admin {

/// Text for standard output, with its line ends.
using TokenOutput = Result<QByteArray, config::ConfigError>;

struct NewToken
{
    QString name;
    QString right; ///< "read" or "manage"; empty: read
    QString until; ///< 2027-01-31; empty: no expiry
};

/// Makes a token and returns its text. It is never shown again: the file has only its digest.
[[nodiscard]] TokenOutput newToken(const config::Settings &settings, const NewToken &wanted);
/// One line per token: name, right, expiry.
[[nodiscard]] TokenOutput listTokens(const config::Settings &settings);
[[nodiscard]] TokenOutput revokeToken(const config::Settings &settings, const QString &name);

} // namespace sami::admin
