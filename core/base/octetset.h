// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArrayView>

#include <array>
#include <cstddef>

namespace sami {

/// A set of octets. A test is one load, because the scanners test every octet of a head.
class OctetSet
{
public:
    template <typename Predicate> explicit constexpr OctetSet(Predicate contains)
    {
        for (std::size_t i = 0; i < m_member.size(); ++i)
            m_member[i] = contains(static_cast<unsigned char>(i));
    }
    [[nodiscard]] constexpr bool contains(char c) const
    {
        return m_member[static_cast<unsigned char>(c)];
    }
    /// The first octet in [from, end) that is outside the set, or end.
    [[nodiscard]] constexpr const char *skip(const char *from, const char *end) const
    {
        while (from != end && contains(*from))
            ++from;
        return from;
    }
    /// Whether every octet of the text is in the set.
    [[nodiscard]] constexpr bool holdsAllOf(QByteArrayView text) const
    {
        const char *const end = text.data() + text.size();
        return skip(text.data(), end) == end;
    }

private:
    std::array<bool, 256> m_member {};
};

} // namespace sami
