// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/exitroute.h"
#include "base/result.h"

#include <QHostAddress>
#include <QString>

namespace sami::config {

/// Binds a TCP socket to the address at any port, then closes it. The error tells people what is
/// wrong with the address and what would be right.
[[nodiscard]] Result<void, QString> tryToBind(const QHostAddress &source);
/// The same for each given address; the error also names the setting.
[[nodiscard]] Result<void, QString> tryToBind(const SourceAddresses &sources);

} // namespace sami::config
