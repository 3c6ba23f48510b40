// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"

#include <QByteArray>
#include <QByteArrayView>

#include <variant>
#include <vector>

namespace sami {

/// `Error` is for what an operator must act on. Bots and scanners are not errors.
enum class LogLevel { Error, Info, Debug };
enum class LogFormat { Text, Json };

[[nodiscard]] constexpr const char *toString(LogLevel level)
{
    switch (level) {
    case LogLevel::Error:
        return "error";
    case LogLevel::Info:
        return "info";
    case LogLevel::Debug:
        return "debug";
    }
    return "";
}

[[nodiscard]] constexpr const char *toString(LogFormat format)
{
    return format == LogFormat::Text ? "text" : "json";
}

/// One name=value of a log line. Durations are "4m02s" in text and milliseconds in JSON.
struct LogField
{
    using Value = std::variant<QByteArray, qint64, Clock::duration>;

    const char *name; ///< a literal
    Value value;
    bool bare = false; ///< text format: the value alone, without its name
};

/// One line of the log before it is formatted.
struct LogRecord
{
    WallTime time;
    LogLevel level = LogLevel::Info;
    const char *unit = ""; ///< the category: the unit's path, "server.session"
    QByteArray message;
    std::vector<LogField> fields;
};

/// "2026-11-22T23:30:00.123Z INFO  closed id=17 … silence=4m02s" and a line end. Octets are escaped
/// as by escaped(), and values with blanks are quoted.
void appendText(QByteArray &out, const LogRecord &record);
/// One JSON object with the same fields, and a line end.
void appendJson(QByteArray &out, const LogRecord &record);

/// "31ms", "4.2s", "4m02s", "1h05m".
[[nodiscard]] QByteArray formatDuration(Clock::duration duration);
/// Hostile octets made printable: each octet that a terminal obeys, that is invisible or that moves
/// other text becomes \xNN. These are controls, format characters (bidirectional ones included),
/// line and paragraph separators, every blank but U+0020, private-use and unassigned code points.
/// If the text is not valid UTF-8, so does every octet over 0x7f.
[[nodiscard]] QByteArray escaped(QByteArrayView text);

} // namespace sami
