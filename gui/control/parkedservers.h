// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/parents.h"

#include <QList>
#include <QString>

namespace sami::gui {

/// A server that is in the window's list but turned off. The proxy's own settings hold only the
/// servers that are on. A value.
struct ParkedServer
{
    qsizetype place = 0; ///< its row in the whole list
    config::Parent server;
    friend bool operator==(const ParkedServer &, const ParkedServer &) = default;
};

/// Parked servers as one line of the settings file, in order: "0 sami-proxy://…,2 https://…". The
/// line contains their passwords, like the line of the servers that are on.
[[nodiscard]] QString parkedText(const QList<ParkedServer> &parked);
/// Skips entries that cannot be parsed: nothing here is worth an error.
[[nodiscard]] QList<ParkedServer> parseParked(const QString &text);

} // namespace sami::gui
