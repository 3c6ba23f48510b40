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

/// How grave a line of the log is. In the order of the level filter.
enum class LineLevel { Error, Info, Debug };

/// One line of the log, taken apart. What stands in it that no rule knows stays in `message`.
struct LogLine
{
    struct Field
    {
        QByteArray name; ///< empty: the value stood alone
        QByteArray value;
    };

    std::optional<WallTime> time; ///< none: the line has no stamp of ours
    LineLevel level = LineLevel::Info;
    QByteArray message; ///< as the core has it, in English
    QList<Field> fields;

    /// The last of that name: what a stranger put into a target stands before it.
    [[nodiscard]] QByteArray value(const char *name) const;
};

/// The log's lines in the language of the program and the time of this place. Pure.
class LogText
{
    Q_DECLARE_TR_FUNCTIONS(sami::gui::LogText)

public:
    /// The level alone, of a line in either format: cheap enough for every line.
    [[nodiscard]] static LineLevel levelOf(const QByteArray &line);
    /// Of the text format. A line of the JSON format is a message as a whole.
    [[nodiscard]] static LogLine parse(const QByteArray &line);

    [[nodiscard]] static QString level(LineLevel level);
    /// What happened, the cause first: of finished work who ended it and how, then what it was.
    [[nodiscard]] static QString sentence(const LogLine &line);
    /// The fields that the sentence has not said: "status=200 up=1842", by their names in the log.
    [[nodiscard]] static QString details(const LogLine &line);

    /// All of it in one line: local time, level, sentence, details.
    [[nodiscard]] static QString row(const QByteArray &line);
    /// The same to read and to copy: with the date, milliseconds and the offset from UTC.
    [[nodiscard]] static QString whole(const QByteArray &line);

    /// The messages of the core and of the program that have words of their own here.
    [[nodiscard]] static QStringList messages();
    /// Whether that is the known beginning of a message whose end tells more.
    [[nodiscard]] static bool beginsKnown(const QString &text);
};

} // namespace sami::gui
