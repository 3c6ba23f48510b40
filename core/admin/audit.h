// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "admin/request.h"

#include <QByteArray>

namespace sami::admin {

/// The one place that logs changes: a line for each that was made. Any thread.
void audit(const AdminCaller &caller, const char *what, const QByteArray &of,
           const QByteArray &to = QByteArray());

} // namespace sami::admin
