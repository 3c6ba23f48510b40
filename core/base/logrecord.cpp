// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "base/logrecord.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStringDecoder>

#include <chrono>

namespace sami {

namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

QByteArray timestamp(WallTime time)
{
    const auto ms = duration_cast<milliseconds>(time.time_since_epoch()).count();
    return QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC)
        .toString(QStringLiteral("yyyy-MM-ddTHH:mm:ss.zzzZ"))
        .toLatin1();
}

const char *levelName(LogLevel level)
{
    switch (level) {
    case LogLevel::Error:
        return "ERROR";
    case LogLevel::Info:
        return "INFO ";
    case LogLevel::Debug:
        return "DEBUG";
    }
    return "";
}

QByteArray twoDigits(qint64 value)
{
    return QByteArray::number(value).rightJustified(2, '0');
}

QByteArray textValue(const LogField &field)
{
    if (const auto *number = std::get_if<qint64>(&field.value))
        return QByteArray::number(*number);
    if (const auto *duration = std::get_if<Clock::duration>(&field.value))
        return formatDuration(*duration);
    QByteArray text = escaped(std::get<QByteArray>(field.value));
    if (!text.isEmpty() && !text.contains(' ') && !text.contains('"') && !text.contains('='))
        return text;
    if (field.bare && !text.isEmpty() && !text.contains(' '))
        return text;
    return '"' + QByteArray(text).replace('\\', "\\\\").replace('"', "\\\"") + '"';
}

} // namespace

QByteArray formatDuration(Clock::duration duration)
{
    const qint64 ms = duration_cast<milliseconds>(duration).count();
    if (ms < 1000)
        return QByteArray::number(ms) + "ms";
    if (ms < 60'000)
        return QByteArray::number(ms / 1000) + '.' + QByteArray::number(ms % 1000 / 100) + 's';
    const qint64 seconds = ms / 1000;
    if (seconds < 3600)
        return QByteArray::number(seconds / 60) + 'm' + twoDigits(seconds % 60) + 's';
    return QByteArray::number(seconds / 3600) + 'h' + twoDigits(seconds / 60 % 60) + 'm';
}

QByteArray escaped(QByteArrayView text)
{
    const bool isUtf8 = QUtf8StringView(text.data(), text.size()).isValidUtf8();
    QByteArray out;
    out.reserve(text.size());
    // C1 controls are two octets in UTF-8, C2 80 to C2 9F; a terminal obeys them all the same.
    const auto isC1 = [&](qsizetype i) {
        const auto at = [&](qsizetype k) {
            return k >= 0 && k < text.size() ? static_cast<uchar>(text[k]) : uchar(0);
        };
        return (at(i) == 0xc2 && at(i + 1) < 0xa0) || (at(i) < 0xa0 && at(i - 1) == 0xc2);
    };
    for (qsizetype i = 0; i < text.size(); ++i) {
        const auto octet = static_cast<uchar>(text[i]);
        if (octet < 0x20 || octet == 0x7f || (octet >= 0x80 && (!isUtf8 || isC1(i)))) {
            static constexpr char digits[] = "0123456789abcdef";
            out += "\\x";
            out += digits[octet >> 4];
            out += digits[octet & 15];
        } else {
            out += text[i];
        }
    }
    return out;
}

QByteArray formatText(const LogRecord &record)
{
    QByteArray line;
    line.reserve(256);
    line += timestamp(record.time);
    line += ' ';
    line += levelName(record.level);
    line += ' ';
    line += escaped(record.message);
    if (record.level == LogLevel::Debug) {
        line += " unit=";
        line += record.unit;
    }
    for (const LogField &field : record.fields) {
        line += ' ';
        if (!field.bare) {
            line += field.name;
            line += '=';
        }
        line += textValue(field);
    }
    return line;
}

QByteArray formatJson(const LogRecord &record)
{
    QJsonObject object;
    for (const LogField &field : record.fields) {
        const QString name = QString::fromLatin1(field.name);
        if (const auto *number = std::get_if<qint64>(&field.value))
            object.insert(name, *number);
        else if (const auto *duration = std::get_if<Clock::duration>(&field.value))
            object.insert(name, qint64(duration_cast<milliseconds>(*duration).count()));
        else
            object.insert(name, QString::fromUtf8(escaped(std::get<QByteArray>(field.value))));
    }
    object.insert(QStringLiteral("time"), QString::fromLatin1(timestamp(record.time)));
    object.insert(QStringLiteral("level"),
                  QString::fromLatin1(levelName(record.level)).trimmed().toLower());
    object.insert(QStringLiteral("unit"), QString::fromLatin1(record.unit));
    object.insert(QStringLiteral("message"), QString::fromUtf8(escaped(record.message)));
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

} // namespace sami
