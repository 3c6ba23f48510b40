// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"

#include <QByteArray>
#include <QCoreApplication>
#include <QList>
#include <QString>

#include <optional>

namespace sami::gui {

/// The severity of a log line. In the order of the level filter.
enum class LineLevel { Error, Info, Debug };

/// One parsed line of the log. Whatever cannot be parsed stays in `message`.
struct LogLine
{
    struct Field
    {
        QByteArray name; ///< empty: a value without a name
        QByteArray value;
    };

    std::optional<WallTime> time; ///< empty: the line has no timestamp of ours
    LineLevel level = LineLevel::Info;
    QByteArray message; ///< in English, as the core has it
    QList<Field> fields;

    /// The last field of that name: a forged one in a target comes before the real one.
    [[nodiscard]] QByteArray value(const char *name) const;
};

/// Shows log lines in the program's language and in local time. Pure.
class LogText
{
    Q_DECLARE_TR_FUNCTIONS(sami::gui::LogText)

public:
    /// Only the level, of a line in either format: cheap enough for every line.
    [[nodiscard]] static LineLevel levelOf(const QByteArray &line);
    /// Parses the text format. A line in JSON becomes one message.
    [[nodiscard]] static LogLine parse(const QByteArray &line);

    [[nodiscard]] static QString level(LineLevel level);
    /// What happened. For finished work: first who ended it and how, then the request.
    [[nodiscard]] static QString sentence(const LogLine &line);
    /// The fields that the sentence leaves out: "status=200 up=1842", by their names in the log.
    [[nodiscard]] static QString details(const LogLine &line);

    /// The whole line for the list: local time, level, sentence, details.
    [[nodiscard]] static QString row(const QByteArray &line);
    /// The same for reading and copying: with the date, milliseconds and the offset from UTC.
    [[nodiscard]] static QString whole(const QByteArray &line);

    /// The messages of the core and of the program that are translated here.
    [[nodiscard]] static QStringList messages();
    /// Whether the text is the known beginning of a message with a variable end.
    [[nodiscard]] static bool beginsKnown(const QString &text);
};

} // namespace sami::gui
