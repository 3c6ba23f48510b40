// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"

#include <QString>

namespace sami::gui {

/// The first line of a file that holds the link of a server. A link is a secret, so a file that
/// others can read is an error. Errors are sentences of the core, in English.
[[nodiscard]] Result<QString, QString> linkOfFile(const QString &path);

} // namespace sami::gui
