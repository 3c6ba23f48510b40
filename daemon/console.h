// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QString>

/// Plain output of the daemon, the same on every platform: on Windows, Qt's own output is lost when
/// it is redirected.
namespace sami::daemon {

/// Call it first: a Windows console shows UTF-8 only on request. Does nothing elsewhere.
void prepareConsole();
/// False if the text could not be written: a closed pipe, a full disk.
[[nodiscard]] bool printOut(const QString &text);
void printError(const QString &text);
/// For text of our own that contains terminal escapes; the other functions remove them.
[[nodiscard]] bool printPicture(const QString &lines);
/// A line of standard input without its line end, at most 4,096 octets. On a terminal it shows
/// `prompt` and hides what is typed. Empty at the end of the input.
[[nodiscard]] QByteArray readSecretLine(const QString &prompt);

/// Shows or hides what is typed on standard input; returns false if that is no terminal. A signal
/// that ends the process while it is hidden shows it first. One source per platform.
[[nodiscard]] bool showTyping(bool isShown);

/// Call it before the first log line. Without a buffer, what a full disk refuses is not kept and
/// written in pieces later.
void writeLogUnbuffered();
/// The log's sink: writes whole lines to stdout and returns how many octets were written. May
/// block. From one thread only.
[[nodiscard]] qsizetype writeLogLines(const QByteArray &lines);

} // namespace sami::daemon
