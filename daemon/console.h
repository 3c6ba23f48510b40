// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QString>

/// Plain output of the daemon, the same on every platform: on Windows Qt's own goes nowhere when
/// it is redirected.
namespace sami::daemon {

/// First of all: a Windows console shows UTF-8 only when it is told to. Elsewhere it does nothing.
void prepareConsole();
void printOut(const QString &text);
void printError(const QString &text);
/// What is all of our own making, and has orders for the terminal in it; the others take these out.
void printPicture(const QString &lines);
/// A line of standard input without its end, at most 4,096 octets. At a terminal `prompt` is shown
/// and what is typed is not. Empty at the input's end.
[[nodiscard]] QByteArray readSecretLine(const QString &prompt);

/// Whether what is typed on standard input is shown; false where that is no terminal. One source
/// per platform.
[[nodiscard]] bool showTyping(bool isShown);

/// Before the first log line: what a full disk refuses is not kept for later, when it would come
/// in pieces.
void writeLogUnbuffered();
/// The log's sink: whole lines to stdout; how many octets got there. May block. From one thread
/// only.
[[nodiscard]] qsizetype writeLogLines(const QByteArray &lines);

} // namespace sami::daemon
