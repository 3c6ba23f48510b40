// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/blanks.h"
#include "base/octetset.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

#include <optional>

/// The small grammar that all HTTP units share (RFC 9110 §5.6). Pure functions on bytes.
namespace sami::http {

[[nodiscard]] constexpr bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}
[[nodiscard]] constexpr bool isAsciiAlpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
[[nodiscard]] constexpr char toAsciiLower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

/// tchar, RFC 9110 §5.6.2.
inline constexpr OctetSet tokenChars([](unsigned char u) {
    const char c = static_cast<char>(u);
    switch (c) {
    case '!':
    case '#':
    case '$':
    case '%':
    case '&':
    case '\'':
    case '*':
    case '+':
    case '-':
    case '.':
    case '^':
    case '_':
    case '`':
    case '|':
    case '~':
        return true;
    default:
        return isDigit(c) || isAsciiAlpha(c);
    }
});
/// field-vchar, SP, HTAB or obs-text: everything but controls (RFC 9110 §5.5).
inline constexpr OctetSet fieldContentChars([](unsigned char u) {
    return u == '\t' || (u >= 0x20 && u != 0x7f);
});

[[nodiscard]] constexpr bool isTokenChar(char c)
{
    return tokenChars.contains(c);
}
[[nodiscard]] constexpr bool isFieldContentChar(char c)
{
    return fieldContentChars.contains(c);
}
/// One or more tchar.
[[nodiscard]] bool isToken(QByteArrayView text);

/// Whether the first `size` octets differ in ASCII case at most.
[[nodiscard]] bool equalsIgnoringCase(const char *left, const char *right, qsizetype size);
/// ASCII case-insensitive equality. Most names differ in length: inline, to end there.
[[nodiscard]] inline bool equalsIgnoringCase(QByteArrayView left, QByteArrayView right)
{
    return left.size() == right.size()
        && equalsIgnoringCase(left.data(), right.data(), left.size());
}

/// 1*DIGIT without overflow of 64 bits; no sign, no blank.
[[nodiscard]] std::optional<quint64> parseDecimal(QByteArrayView digits);
/// The value of a HEXDIG, or -1.
[[nodiscard]] int hexValue(char c);
/// 1*HEXDIG without overflow of 63 bits.
[[nodiscard]] std::optional<quint64> parseHex(QByteArrayView digits);

/// Calls `visit` with each non-empty, trimmed element of a comma-separated list until it returns
/// false. Commas inside quoted strings do not split (RFC 9110 §5.6.1, §5.6.4).
template <typename Visitor> void forEachListElement(QByteArrayView value, Visitor visit)
{
    bool quoted = false;
    qsizetype start = 0;
    for (qsizetype i = 0; i <= value.size(); ++i) {
        const bool atEnd = i == value.size();
        if (!atEnd && quoted && value[i] == '\\' && i + 1 < value.size()) {
            ++i;
            continue;
        }
        if (!atEnd && value[i] == '"')
            quoted = !quoted;
        if (!atEnd && (quoted || value[i] != ','))
            continue;
        const QByteArrayView element = trimBlanks(value.sliced(start, i - start));
        if (!element.isEmpty() && !visit(element))
            return;
        start = i + 1;
    }
}

/// The non-empty, trimmed elements of a comma-separated list (RFC 9110 §5.6.1). Commas inside
/// quoted strings do not split.
[[nodiscard]] QList<QByteArrayView> listElements(QByteArrayView value);

} // namespace sami::http
