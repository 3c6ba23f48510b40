// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/inifile.h"

#include "base/blanks.h"

#include <QFile>
#include <QFileInfo>
#include <QHash>
#include <QSaveFile>
#include <QStringDecoder>

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace sami::config {

using namespace Qt::StringLiterals;

namespace {

// Enough for every setting and pages of comments. A wrong path may name anything.
constexpr qint64 maxFileSize = 1 << 20;

constexpr QByteArrayView byteOrderMark = "\xef\xbb\xbf";

bool isKeyChar(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'
        || c == '-' || c == '.';
}

/// A parsed line; `problem` is set if it is invalid.
struct Split
{
    QString key;
    QString value;
    QString problem;
};

Split splitLine(QByteArrayView text)
{
    // With old Mac line ends the whole file would be one line, possibly a comment.
    if (text.contains('\r'))
        return { {},
                 {},
                 u"a carriage return inside the line; save the file with LF or CRLF line ends"_s };
    const QByteArrayView trimmed = trimBlanks(text);
    if (trimmed.isEmpty() || trimmed.front() == '#' || trimmed.front() == ';')
        return {};
    if (trimmed.front() == '[')
        return { {}, {}, u"there are no sections; remove this line"_s };
    const qsizetype equals = text.indexOf('=');
    if (equals < 0)
        return { {}, {}, u"not \"key = value\" and not a comment (# …)"_s };

    const QByteArrayView key = trimBlanks(text.first(equals));
    if (key.isEmpty() || !std::all_of(key.begin(), key.end(), isKeyChar))
        return { {}, {}, u"a key has only letters, digits, \"_\", \"-\" and \".\""_s };
    QByteArrayView value = text.sliced(equals + 1);
    if (!value.isEmpty() && isBlank(value.front()))
        value = value.sliced(1);
    // The file's own byte order mark is gone already; a U+FEFF at the start of a value belongs to
    // it.
    using Flag = QStringDecoder::Flag;
    QStringDecoder decoder(QStringDecoder::Utf8, Flag::Stateless | Flag::ConvertInitialBom);
    const QString decoded = decoder(value);
    if (decoder.hasError())
        return { {}, {}, u"the value is not UTF-8; save the file as UTF-8"_s };
    if (decoded.contains(QChar::Null))
        return { {}, {}, u"a NUL in the value"_s };
    return { QString::fromLatin1(key).toLower(), decoded, {} };
}

/// QFile::exists() also returns false if the system cannot tell (an unsearchable folder, a failing
/// disk). Defaults would then replace the file's rules.
bool isMissing(const QString &path)
{
    std::error_code error;
    const auto status = std::filesystem::status(QFileInfo(path).filesystemFilePath(), error);
    return status.type() == std::filesystem::file_type::not_found;
}

} // namespace

Result<IniFile, QList<IniFile::Problem>> IniFile::parse(QByteArrayView text)
{
    IniFile file;
    QList<Problem> problems;
    QHash<QString, int> firstSeen;

    if (text.startsWith(byteOrderMark)) {
        file.m_hasByteOrderMark = true;
        text = text.sliced(byteOrderMark.size());
    }
    bool isFirst = true;
    for (int number = 1; !text.isEmpty(); ++number) {
        const qsizetype newline = text.indexOf('\n');
        QByteArrayView content = newline < 0 ? text : text.first(newline);
        QByteArray end = newline < 0 ? QByteArray() : QByteArray("\n");
        text = newline < 0 ? QByteArrayView() : text.sliced(newline + 1);
        if (content.endsWith('\r')) {
            content.chop(1);
            end.prepend('\r');
        }
        if (isFirst && end == "\r\n")
            file.m_lineEnd = end;
        isFirst = false;

        const Split split = splitLine(content);
        if (!split.problem.isEmpty())
            problems.append({ number, split.problem });
        if (!split.key.isEmpty()) {
            if (const int first = firstSeen.value(split.key)) {
                problems.append({ number,
                                  u"%1 is set here and on line %2; keep one of them"_s.arg(
                                      split.key, QString::number(first)) });
            } else {
                firstSeen.insert(split.key, number);
            }
        }
        file.m_lines.append({ content.toByteArray(), end, split.key, split.value });
    }
    if (!problems.isEmpty())
        return Unexpected(problems);
    return file;
}

QList<IniFile::Entry> IniFile::entries() const
{
    QList<Entry> all;
    for (qsizetype i = 0; i < m_lines.size(); ++i) {
        if (!m_lines[i].key.isEmpty())
            all.append({ m_lines[i].key, m_lines[i].value, static_cast<int>(i + 1) });
    }
    return all;
}

std::optional<QString> IniFile::value(const QString &key) const
{
    const qsizetype index = indexOf(key);
    if (index < 0)
        return std::nullopt;
    return m_lines[index].value;
}

bool IniFile::canHold(const QString &value)
{
    return !value.contains(u'\n') && !value.contains(u'\r') && !value.contains(QChar::Null);
}

void IniFile::setValue(const QString &key, const QString &value)
{
    Q_ASSERT(canHold(value));
    qsizetype index = indexOf(key);
    if (index < 0) {
        if (!m_lines.isEmpty() && !m_lines.constLast().end.endsWith('\n'))
            m_lines.last().end = m_lineEnd;
        index = m_lines.size();
        m_lines.append({ {}, m_lineEnd, key.toLower(), {} });
    } else if (m_lines[index].value == value) {
        return; // keep the user's formatting
    }
    // Always one blank after "=", which reading drops, so a password's leading blanks survive.
    m_lines[index].text = m_lines[index].key.toUtf8() + " = " + value.toUtf8();
    m_lines[index].value = value;
}

void IniFile::remove(const QString &key)
{
    const qsizetype index = indexOf(key);
    if (index >= 0)
        m_lines.removeAt(index);
}

QByteArray IniFile::toByteArray() const
{
    QByteArray text;
    if (m_hasByteOrderMark)
        text += byteOrderMark;
    for (const Line &line : m_lines)
        text += line.text + line.end;
    return text;
}

Result<IniFile, QList<ConfigError>> IniFile::read(const QString &path, IniPresence presence)
{
    const auto fail = [&path](const QString &why) {
        return Unexpected<QList<ConfigError>>({ { path, {}, why } });
    };
    QFile source(path);
    if (presence == IniPresence::Optional && isMissing(path))
        return IniFile();
    if (QFileInfo(path).isDir())
        return fail(u"is a directory, not a settings file"_s);
    if (!source.open(QIODevice::ReadOnly))
        return fail(u"cannot be read: %1"_s.arg(source.errorString()));
    const QByteArray text = source.read(maxFileSize + 1);
    if (source.error() != QFileDevice::NoError)
        return fail(u"cannot be read: %1"_s.arg(source.errorString()));
    if (text.size() > maxFileSize)
        return fail(u"is over 1 MiB; that is not a settings file"_s);

    auto parsed = parse(text);
    if (parsed)
        return std::move(parsed).value();
    QList<ConfigError> errors;
    for (const Problem &problem : parsed.error())
        errors.append({ u"%1:%2"_s.arg(path, QString::number(problem.line)), {}, problem.text });
    return Unexpected(errors);
}

Result<void, QString> IniFile::write(const QString &path) const
{
    QSaveFile file(path);
    const QByteArray text = toByteArray();
    // Sets the mode before writing: others must never be able to read the password. Unbuffered,
    // since commit() would miss a full disk that took only a part.
    if (!file.open(QIODevice::WriteOnly | QIODevice::Unbuffered)
        || !file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner)
        || file.write(text) != text.size() || !file.commit())
        return Unexpected<QString>(file.errorString());
    return {};
}

qsizetype IniFile::indexOf(const QString &key) const
{
    const QString wanted = key.toLower();
    for (qsizetype i = 0; i < m_lines.size(); ++i) {
        if (m_lines[i].key == wanted)
            return i;
    }
    return -1;
}

} // namespace sami::config
