// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QString>

/// Plain output of the daemon, the same on every platform: on Windows Qt's own goes nowhere when
/// it is redirected.
namespace sami::daemon {

void printOut(const QString &text);
void printError(const QString &text);
/// The log's sink: one line to stdout, whole. May block.
void writeLogLine(const QByteArray &line);

} // namespace sami::daemon
