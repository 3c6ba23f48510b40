// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "base/logrecord.h"

#include "base/octetwriter.h"

#include <QChar>
#include <QUtf8StringView>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <utility>

namespace sami {

namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

void appendNumber(OctetWriter &line, qint64 value)
{
    std::array<char, 20> digits; // an int64 with its sign
    const auto [end, error] = std::to_chars(digits.begin(), digits.end(), value);
    line.append(QByteArrayView(digits.data(), end - digits.data()));
}

/// As many digits, with leading zeros.
template <std::size_t digits> void appendPadded(OctetWriter &line, unsigned value)
{
    std::array<char, digits> text;
    for (std::size_t at = digits; at-- > 0; value /= 10)
        text[at] = static_cast<char>('0' + value % 10);
    line.append(QByteArrayView(text.data(), digits));
}

/// RFC 3339 §5.6, in UTC.
void appendTimestamp(OctetWriter &line, WallTime time)
{
    using namespace std::chrono;
    const auto instant = floor<milliseconds>(time);
    const auto day = floor<days>(instant);
    const year_month_day date(day);
    const hh_mm_ss clock(instant - day);
    appendPadded<4>(line, unsigned(int(date.year())));
    line.append('-');
    appendPadded<2>(line, unsigned(date.month()));
    line.append('-');
    appendPadded<2>(line, unsigned(date.day()));
    line.append('T');
    appendPadded<2>(line, unsigned(clock.hours().count()));
    line.append(':');
    appendPadded<2>(line, unsigned(clock.minutes().count()));
    line.append(':');
    appendPadded<2>(line, unsigned(clock.seconds().count()));
    line.append('.');
    appendPadded<3>(line, unsigned(clock.subseconds().count()));
    line.append('Z');
}

void appendDuration(OctetWriter &line, Clock::duration duration)
{
    const qint64 ms = duration_cast<milliseconds>(duration).count();
    const qint64 seconds = ms / 1000;
    if (ms < 1000) {
        appendNumber(line, ms);
        line.append("ms");
    } else if (seconds < 60) {
        appendNumber(line, seconds);
        line.append('.');
        appendNumber(line, ms % 1000 / 100);
        line.append('s');
    } else if (seconds < 3600) {
        appendNumber(line, seconds / 60);
        line.append('m');
        appendPadded<2>(line, unsigned(seconds % 60));
        line.append('s');
    } else {
        appendNumber(line, seconds / 3600);
        line.append('h');
        appendPadded<2>(line, unsigned(seconds / 60 % 60));
        line.append('m');
    }
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

constexpr bool isPlain(char octet)
{
    return octet >= 0x20 && octet < 0x7f;
}

struct CharacterRange
{
    char32_t first;
    char32_t last;
};

/// Invisible letters and marks: those of Unicode's Default_Ignorable_Code_Point that are not format
/// characters, and the blank Braille pattern. U+FE00 to U+FE0F stay: emoji need them.
constexpr std::array invisibleCharacters {
    CharacterRange { 0x034f, 0x034f },   // combining grapheme joiner
    CharacterRange { 0x115f, 0x1160 },   // Hangul fillers
    CharacterRange { 0x17b4, 0x17b5 },   // Khmer inherent vowels
    CharacterRange { 0x180b, 0x180f },   // Mongolian variation selectors
    CharacterRange { 0x2800, 0x2800 },   // blank Braille pattern
    CharacterRange { 0x3164, 0x3164 },   // Hangul filler
    CharacterRange { 0xffa0, 0xffa0 },   // halfwidth Hangul filler
    CharacterRange { 0x1d159, 0x1d159 }, // musical null notehead
    CharacterRange { 0xe0100, 0xe01ef }, // variation selectors supplement
};

/// Whether a character is visible and has no other effect.
bool isVisible(char32_t character)
{
    if (std::any_of(invisibleCharacters.begin(), invisibleCharacters.end(),
                    [character](const CharacterRange &range) {
                        return range.first <= character && character <= range.last;
                    }))
        return false;
    switch (QChar::category(character)) {
    case QChar::Other_Control:
    case QChar::Other_Format:
    case QChar::Other_Surrogate:
    case QChar::Other_PrivateUse:
    case QChar::Other_NotAssigned:
    case QChar::Separator_Line:
    case QChar::Separator_Paragraph:
        return false;
    case QChar::Separator_Space:
        return character == U' ';
    default:
        return true;
    }
}

void appendEscaped(QByteArray &out, QByteArrayView octets)
{
    static constexpr char digits[] = "0123456789abcdef";
    for (const char c : octets) {
        const auto octet = static_cast<uchar>(c);
        out += "\\x";
        out += digits[octet >> 4];
        out += digits[octet & 15];
    }
}

/// The first character of valid UTF-8 (RFC 3629 §3) and its octets.
std::pair<char32_t, QByteArrayView> firstCharacter(QByteArrayView text)
{
    const auto lead = static_cast<uchar>(text.front());
    if (lead < 0x80)
        return { lead, text.first(1) };
    const qsizetype size = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    char32_t character = lead & (0x7f >> size);
    for (qsizetype i = 1; i < size; ++i)
        character = character << 6 | (static_cast<uchar>(text[i]) & 0x3f);
    return { character, text.first(size) };
}

/// What a text contains: the flags of its octets, or'ed together.
enum Content : uchar {
    HasUnplain = 1, ///< something to escape
    HasBlank = 2,
    HasEquals = 4,
    HasQuote = 8,
    HasBackslash = 16,
};

constexpr auto contents = [] {
    std::array<uchar, 256> table {};
    for (std::size_t octet = 0; octet < table.size(); ++octet)
        table[octet] = isPlain(char(octet)) ? 0 : HasUnplain;
    table[' '] = HasBlank;
    table['='] = HasEquals;
    table['"'] = HasQuote;
    table['\\'] = HasBackslash;
    return table;
}();

uchar contentOf(QByteArrayView text)
{
    uchar content = 0;
    for (const char octet : text)
        content |= contents[uchar(octet)];
    return content;
}

/// Quotes in the way that text and JSON share: escaped octets hold no control character.
void appendQuoted(OctetWriter &line, QByteArrayView escapedOctets, uchar content)
{
    line.append('"');
    if (!(content & (HasQuote | HasBackslash))) {
        line.append(escapedOctets);
    } else {
        for (const char octet : escapedOctets) {
            if (octet == '"' || octet == '\\')
                line.append('\\');
            line.append(octet);
        }
    }
    line.append('"');
}

/// Quotes a text where it would be ambiguous; in JSON always.
void appendWord(OctetWriter &line, QByteArrayView text, bool bare, bool alwaysQuoted)
{
    uchar content = contentOf(text);
    QByteArray printable; // owns the escaped text
    if (content & HasUnplain) {
        printable = escaped(text);
        text = printable;
        content = contentOf(text);
    }
    const bool isOneWord =
        !text.isEmpty() && !(content & HasBlank) && (bare || !(content & (HasQuote | HasEquals)));
    if (isOneWord && !alwaysQuoted)
        line.append(text);
    else
        appendQuoted(line, text, content);
}

void appendTextValue(OctetWriter &line, const LogField &field)
{
    if (const auto *number = std::get_if<qint64>(&field.value))
        appendNumber(line, *number);
    else if (const auto *duration = std::get_if<Clock::duration>(&field.value))
        appendDuration(line, *duration);
    else
        appendWord(line, std::get<QByteArray>(field.value), field.bare, false);
}

void appendJsonValue(OctetWriter &line, const LogField &field)
{
    if (const auto *number = std::get_if<qint64>(&field.value))
        appendNumber(line, *number);
    else if (const auto *duration = std::get_if<Clock::duration>(&field.value))
        appendNumber(line, duration_cast<milliseconds>(*duration).count());
    else
        appendWord(line, std::get<QByteArray>(field.value), field.bare, true);
}

/// Long enough for an access line.
constexpr qsizetype usualLine = 384;
constexpr qsizetype usualDuration = 8;

} // namespace

QByteArray formatDuration(Clock::duration duration)
{
    QByteArray text;
    OctetWriter writer(text, usualDuration);
    appendDuration(writer, duration);
    return text;
}

QByteArray escaped(QByteArrayView text)
{
    if (std::all_of(text.begin(), text.end(), isPlain))
        return text.toByteArray();
    const bool isUtf8 = QUtf8StringView(text.data(), text.size()).isValidUtf8();
    QByteArray out;
    out.reserve(text.size());
    while (!text.isEmpty()) {
        const auto [character, octets] = isUtf8
            ? firstCharacter(text)
            : std::pair(char32_t(static_cast<uchar>(text.front())), text.first(1));
        if (isVisible(character) && (isUtf8 || character < 0x80))
            out.append(octets.data(), octets.size());
        else
            appendEscaped(out, octets);
        text = text.sliced(octets.size());
    }
    return out;
}

void appendText(QByteArray &out, const LogRecord &record)
{
    OctetWriter line(out, usualLine);
    appendTimestamp(line, record.time);
    line.append(' ');
    line.append(levelName(record.level));
    line.append(' ');
    if (contentOf(record.message) & HasUnplain)
        line.append(escaped(record.message));
    else
        line.append(record.message);
    if (record.level == LogLevel::Debug) {
        line.append(" unit=");
        line.append(record.unit);
    }
    for (const LogField &field : record.fields) {
        line.append(' ');
        if (!field.bare) {
            line.append(field.name);
            line.append('=');
        }
        appendTextValue(line, field);
    }
    line.append('\n');
}

void appendJson(QByteArray &out, const LogRecord &record)
{
    OctetWriter line(out, usualLine);
    line.append("{\"time\":\"");
    appendTimestamp(line, record.time);
    line.append("\",\"level\":\"");
    line.append(toString(record.level));
    line.append("\",\"unit\":\"");
    line.append(record.unit);
    line.append("\",\"message\":");
    appendWord(line, record.message, false, true);
    for (const LogField &field : record.fields) {
        line.append(",\"");
        line.append(field.name);
        line.append("\":");
        appendJsonValue(line, field);
    }
    line.append("}\n");
}

} // namespace sami
