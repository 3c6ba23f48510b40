// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "http/syntax.h"

#include <limits>

namespace sami::http {

bool isToken(QByteArrayView text)
{
    const char *const end = text.data() + text.size();
    return !text.isEmpty() && tokenChars.skip(text.data(), end) == end;
}

bool equalsIgnoringCase(const char *left, const char *right, qsizetype size)
{
    for (qsizetype i = 0; i < size; ++i) {
        if (left[i] != right[i] && toAsciiLower(left[i]) != toAsciiLower(right[i]))
            return false;
    }
    return true;
}

std::optional<quint64> parseDecimal(QByteArrayView digits)
{
    constexpr quint64 maximum = std::numeric_limits<quint64>::max();
    if (digits.isEmpty())
        return std::nullopt;
    quint64 value = 0;
    for (const char c : digits) {
        if (!isDigit(c))
            return std::nullopt;
        const quint64 digit = static_cast<quint64>(c - '0');
        if (value > (maximum - digit) / 10)
            return std::nullopt;
        value = value * 10 + digit;
    }
    return value;
}

int hexValue(char c)
{
    if (isDigit(c))
        return c - '0';
    const char lower = toAsciiLower(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::optional<quint64> parseHex(QByteArrayView digits)
{
    constexpr quint64 maximum = std::numeric_limits<qint64>::max();
    if (digits.isEmpty())
        return std::nullopt;
    quint64 value = 0;
    for (const char c : digits) {
        const int digit = hexValue(c);
        if (digit < 0 || value > maximum >> 4)
            return std::nullopt;
        value = value << 4 | static_cast<quint64>(digit);
    }
    return value;
}

QList<QByteArrayView> listElements(QByteArrayView value)
{
    QList<QByteArrayView> elements;
    forEachListElement(value, [&](QByteArrayView element) {
        elements.append(element);
        return true;
    });
    return elements;
}

} // namespace sami::http
