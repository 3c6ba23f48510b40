// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"

#include <QString>

namespace sami::config {

/// The password in a file (a Docker or Kubernetes secret), without one trailing line end. The error
/// is worded for people and never quotes the content.
[[nodiscard]] Result<QString, QString> readPasswordFile(const QString &path);

/// Why a text cannot be a user name or a password; empty if it can. RFC 7617 §2 forbids control
/// characters. Usual mistakes are refused too: "${PASSWORD}" that nothing has filled in, two quotes
/// for an empty value, and a line break, which usually means the wrong file.
[[nodiscard]] QString credentialProblem(const QString &text);

/// The same for a password. Also rejects a template's placeholder ("CHANGE-ME"): nobody has chosen
/// a password yet.
[[nodiscard]] QString passwordProblem(const QString &password);

} // namespace sami::config
