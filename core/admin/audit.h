// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "admin/request.h"

#include <QByteArray>

namespace sami::admin {

/// Logs one line about a change that was made. No other place logs changes. Any thread.
void audit(const AdminCaller &caller, const char *what, const QByteArray &of,
           const QByteArray &to = QByteArray());

} // namespace sami::admin
