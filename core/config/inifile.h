// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "config/configerror.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QList>
#include <QString>

#include <optional>

namespace sami::config {

/// Whether a missing file is an error or counts as empty. The tray app's own file does not exist
/// before the first save.
enum class IniPresence { Required, Optional };

/// A settings file that survives reading and writing unchanged. Not QSettings, which splits values
/// at commas and mangles backslashes, semicolons and percent signs.
///
///   # comment        "#" or ";" as the first non-blank character
///   key = value      the value is the rest of the line, verbatim: no quotes, no escapes
///   port=8080        one blank after the "=" is dropped; more belong to the value, but all readers
///                    except a password's trim them
///
/// Keys ignore case. Errors: a "[section]" line (there are no sections), a repeated key, and a CR
/// outside a line end. UTF-8. A byte order mark and CRLF line ends are accepted and kept.
class IniFile
{
public:
    struct Entry
    {
        QString key; ///< lower case
        QString value;
        int line = 0; ///< 1-based
    };

    struct Problem
    {
        int line = 0; ///< 1-based
        QString text;
    };

    IniFile() = default;

    /// All problems at once. They quote keys only: a value may be a secret.
    [[nodiscard]] static Result<IniFile, QList<Problem>> parse(QByteArrayView text);

    /// Reads the file. The errors (unreadable file, or each problem) name the path.
    [[nodiscard]] static Result<IniFile, QList<ConfigError>> read(const QString &path,
                                                                  IniPresence presence);

    [[nodiscard]] QList<Entry> entries() const;
    [[nodiscard]] std::optional<QString> value(const QString &key) const;

    /// Whether a value can be written: no line breaks and no NUL.
    [[nodiscard]] static bool canHold(const QString &value);
    /// Replaces the value in place, or appends a line. Requires canHold(value).
    void setValue(const QString &key, const QString &value);
    /// Removes the key's line; surrounding comments stay.
    void remove(const QString &key);

    [[nodiscard]] QByteArray toByteArray() const;
    /// Writes atomically, readable by the owner only, because the file may hold a password.
    [[nodiscard]] Result<void, QString> write(const QString &path) const;

private:
    struct Line
    {
        QByteArray text; ///< as read, without the line end
        QByteArray end;  ///< "\n", "\r\n", or empty on a last line
        QString key;     ///< empty for comments and blank lines
        QString value;
    };

    [[nodiscard]] qsizetype indexOf(const QString &key) const;

    QList<Line> m_lines;
    QByteArray m_lineEnd = "\n"; ///< for new lines
    bool m_hasByteOrderMark = false;
};

} // namespace sami::config
