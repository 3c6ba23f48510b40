// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"

#include <QString>

namespace sami::config {

/// The password in a file (a Docker or Kubernetes secret), without one trailing line end. The
/// error says why there is none, in words for a person; it never quotes the content.
[[nodiscard]] Result<QString, QString> readPasswordFile(const QString &path);

/// What keeps a text from being a password; empty when it may be one. RFC 7617 §2 forbids
/// control characters; a line break in it usually means a wrong file.
[[nodiscard]] QString passwordProblem(const QString &password);

} // namespace sami::config
