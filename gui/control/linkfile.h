// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"

#include <QString>

namespace sami::gui {

/// The first line of a file with the link of a server. The error is a sentence of the core, in
/// English: a link is a secret, so a file that others may read is one.
[[nodiscard]] Result<QString, QString> linkOfFile(const QString &path);

} // namespace sami::gui
