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

/// Whether a file that is not there is an error, or one without entries: the tray app's own file
/// before the first save.
enum class IniPresence { Required, Optional };

/// A settings file, read and written without losing anything. QSettings is not used: it splits
/// values at commas and eats backslashes, semicolons and percent signs.
///
///   # comment        "#" or ";" as the first character that is not blank
///   key = value      the value is the rest of the line, verbatim: nothing is quoted or escaped
///   port=8080        one blank behind the "=" is dropped, others belong to the value; readers of
///                    anything but a password trim it
///
/// Keys ignore case. There are no sections: a "[section]" line is an error, and so is a key that
/// stands twice, and a CR that is not part of a line end. UTF-8; a byte order mark and CRLF line
/// ends are accepted and kept.
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

    /// Every problem at once. Only keys are quoted in them: a value may be a secret.
    [[nodiscard]] static Result<IniFile, QList<Problem>> parse(QByteArrayView text);

    /// The file's content; an unreadable file and each problem are named with the path.
    [[nodiscard]] static Result<IniFile, QList<ConfigError>> read(const QString &path,
                                                                  IniPresence presence);

    [[nodiscard]] QList<Entry> entries() const;
    [[nodiscard]] std::optional<QString> value(const QString &key) const;

    /// Whether a value survives being written: it has no line break and no NUL.
    [[nodiscard]] static bool canHold(const QString &value);
    /// Replaces the value in its place or appends a line. Needs canHold(value).
    void setValue(const QString &key, const QString &value);
    /// Removes the key's line; the comments around it stay.
    void remove(const QString &key);

    [[nodiscard]] QByteArray toByteArray() const;
    /// Writes atomically, readable by the owner only: the file may hold a password.
    [[nodiscard]] Result<void, QString> write(const QString &path) const;

private:
    struct Line
    {
        QByteArray text; ///< as read, without the line end
        QByteArray end;  ///< "\n", "\r\n", or nothing on a last line
        QString key;     ///< empty for comments and blank lines
        QString value;
    };

    [[nodiscard]] qsizetype indexOf(const QString &key) const;

    QList<Line> m_lines;
    QByteArray m_lineEnd = "\n"; ///< of new lines
    bool m_hasByteOrderMark = false;
};

} // namespace sami::config
