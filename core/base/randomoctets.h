// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QRandomGenerator>

#include <array>

namespace sami {

/// `count` octets (a multiple of four) from the system's generator, for keys, salts, tokens and
/// passwords. Any thread.
template <qsizetype count> [[nodiscard]] QByteArray randomOctets()
{
    static_assert(count > 0 && count % 4 == 0, "the generator gives words of 32 bits");
    std::array<quint32, count / 4> words {};
    QRandomGenerator::system()->fillRange(words.data(), qsizetype(words.size()));
    return QByteArray(reinterpret_cast<const char *>(words.data()), count);
}

/// Drawn once per process, for digests of secrets and names that stay in it: one that leaks says
/// nothing, nobody outside can tell which are alike, nor prepare some that are.
[[nodiscard]] inline const QByteArray &processKey()
{
    static const QByteArray key = randomOctets<32>();
    return key;
}

} // namespace sami
