// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QList>
#include <QString>

namespace sami::config {

/// One error in the proxy's settings or arguments.
struct ConfigError
{
    QString name;    ///< as the user spelled it: "PROXY_PORT", "--port", "sami.ini:3: port"
    QString value;   ///< the faulty part; "***" for a secret; empty if there is none to show
    QString problem; ///< what is wrong, and what would be right

    /// `PROXY_PORT: "99999": write a whole number from 0 to 65535`; printable().
    [[nodiscard]] QString toString() const;
    friend bool operator==(const ConfigError &, const ConfigError &) = default;
};

/// One error per line, without a trailing line end.
[[nodiscard]] QString toString(const QList<ConfigError> &errors);

/// External text made safe to print: escaped() as in the log, and truncated if it is long.
[[nodiscard]] QString printable(const QString &text);

/// Shown in place of every secret.
inline constexpr const char *secretMask = "***";

} // namespace sami::config
