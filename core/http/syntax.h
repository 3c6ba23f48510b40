// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

#include <optional>

/// The small grammar that every HTTP unit shares (RFC 9110 §5.6). Pure functions on bytes.
namespace sami::http {

/// tchar, RFC 9110 §5.6.2.
[[nodiscard]] bool isTokenChar(char c);
/// One or more tchar.
[[nodiscard]] bool isToken(QByteArrayView text);
/// field-vchar, SP, HTAB or obs-text: everything but controls (RFC 9110 §5.5).
[[nodiscard]] bool isFieldContentChar(char c);
/// SP or HTAB.
[[nodiscard]] constexpr bool isBlank(char c) { return c == ' ' || c == '\t'; }
/// The view without leading and trailing SP and HTAB.
[[nodiscard]] QByteArrayView trimBlanks(QByteArrayView text);

/// ASCII case-insensitive equality.
[[nodiscard]] bool equalsIgnoringCase(QByteArrayView left, QByteArrayView right);

/// 1*DIGIT without overflow of 64 bits; no sign, no blank.
[[nodiscard]] std::optional<quint64> parseDecimal(QByteArrayView digits);
/// 1*HEXDIG without overflow of 63 bits.
[[nodiscard]] std::optional<quint64> parseHex(QByteArrayView digits);

/// The non-empty, trimmed elements of a comma-separated list (RFC 9110 §5.6.1). Commas inside
/// quoted strings do not split.
[[nodiscard]] QList<QByteArrayView> listElements(QByteArrayView value);

} // namespace sami::http
