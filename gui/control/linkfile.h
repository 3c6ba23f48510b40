// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"

#include <QString>

namespace sami::gui {

/// The link in the first line of a file; empty for an empty file. A link is a secret, so a file
/// that others can read is an error. Errors are sentences of the core, in English.
[[nodiscard]] Result<QString, QString> linkOfFile(const QString &path);

} // namespace sami::gui
