// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QList>
#include <QString>

namespace sami::config {

/// One thing that is wrong with what the proxy was told.
struct ConfigError
{
    QString name;    ///< as the user spelled it: "PROXY_PORT", "--port", "sami.ini:3: port"
    QString value;   ///< the part at fault; "***" for a secret; empty when there is none to show
    QString problem; ///< what is wrong and what would be right

    /// `PROXY_PORT: "99999": write a whole number from 0 to 65535`; printable().
    [[nodiscard]] QString toString() const;
    friend bool operator==(const ConfigError &, const ConfigError &) = default;
};

/// One error a line, without a line end at the last.
[[nodiscard]] QString toString(const QList<ConfigError> &errors);

/// Text that came from outside, safe to print: escaped() as in the log, and cut when it is long.
[[nodiscard]] QString printable(const QString &text);

/// What stands for a secret wherever settings are shown.
inline constexpr const char *secretMask = "***";

} // namespace sami::config
