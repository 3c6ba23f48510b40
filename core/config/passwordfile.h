// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"

#include <QString>

namespace sami::config {

/// The password in a file (a Docker or Kubernetes secret), without one trailing line end. The
/// error says why there is none, in words for a person; it never quotes the content.
[[nodiscard]] Result<QString, QString> readPasswordFile(const QString &path);

/// What keeps a text from being a user name or a password; empty when it may be one. RFC 7617 §2
/// forbids control characters; a line break usually means a wrong file; "${PASSWORD}" means that
/// nobody has filled it in, and two quotes mean nothing at all.
[[nodiscard]] QString credentialProblem(const QString &text);

/// The same of a password, which must not be a template's placeholder ("CHANGE-ME") either: it
/// means that nobody has chosen one.
[[nodiscard]] QString passwordProblem(const QString &password);

} // namespace sami::config
