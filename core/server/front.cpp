// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/front.h"

namespace sami::server {

Front::~Front() = default;

} // namespace sami::server
