// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>

namespace sami {

/// What an array takes of the heap, in octets: Qt's header, the data with its trailing NUL, and
/// malloc()'s header and rounding (glibc's figures; others are similar). 0 for an empty array.
[[nodiscard]] inline qsizetype heapCost(const QByteArray &array)
{
    constexpr qsizetype arrayHead = 16;
    constexpr qsizetype chunkHead = 8;
    constexpr qsizetype rounding = 16;
    constexpr qsizetype smallest = 32;
    if (array.capacity() == 0)
        return 0;
    const qsizetype octets = arrayHead + array.capacity() + 1 + chunkHead;
    return qMax(smallest, (octets + rounding - 1) / rounding * rounding);
}

} // namespace sami
