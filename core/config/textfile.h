// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "base/smallfile.h"

#include <QString>

namespace sami::config {

/// The text of a small file that a setting names (smallfile.h): at most 64 KiB of UTF-8 without a
/// byte order mark.
[[nodiscard]] Result<QString, QString> readTextFile(const QString &path, FileRights rights);

} // namespace sami::config
