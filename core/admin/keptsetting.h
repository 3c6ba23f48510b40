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

/// Keeps what was set from afar where it outlives a restart: in the state folder of these settings.
/// Without one nothing is kept, and that is no error. Nothing as a text takes out what was kept.
/// The error ends a sentence about the folder or the file, which it names. Blocks for as long as
/// the disk does.
[[nodiscard]] Result<void, QString> keepSetting(const config::Settings &settings,
                                                const config::Option &option, const QString &text);

} // namespace sami::admin
