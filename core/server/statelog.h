// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/logging.h"

#include <QByteArray>

#include <vector>

namespace sami::server {

/// Logs a state change at debug level, the same for every state machine. `id` is the connection's;
/// the states' names come from their toString().
template <typename State> void logStateChange(const char *unit, quint64 id, State from, State to)
{
    logDebug(unit, "state", [&]() -> std::vector<LogField> {
        return { { "id", qint64(id) },
                 { "from", QByteArray(toString(from)) },
                 { "to", QByteArray(toString(to)) } };
    });
}

} // namespace sami::server
