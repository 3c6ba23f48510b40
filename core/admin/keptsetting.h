// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "config/settings.h"

#include <QString>

namespace sami::config {
struct Option;
}

namespace sami::admin {

/// Stores a value that the API has set, in the state folder of these settings, so that it outlives
/// a restart. Without such a folder it stores nothing, which is not an error. An empty text removes
/// what was stored. The error names the folder or the file. Blocks for as long as the disk does.
[[nodiscard]] Result<void, QString> keepSetting(const config::Settings &settings,
                                                const config::Option &option, const QString &text);

} // namespace sami::admin
