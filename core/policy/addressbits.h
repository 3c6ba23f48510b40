// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QHostAddress>
#include <QtEndian>

namespace sami::policy {

/// An address as 128 bits. An IPv4 address is stored in its mapped form (RFC 4291 §2.5.5.2), so
/// that both spellings are equal. No zone; a null address is "::". The address rules compare many
/// of these and must not allocate.
struct AddressBits
{
    quint64 high = 0;
    quint64 low = 0;

    [[nodiscard]] static constexpr AddressBits ofIpv4(quint32 address)
    {
        return { 0, quint64(0xffff) << 32 | address };
    }
    [[nodiscard]] static AddressBits of(const QHostAddress &address)
    {
        if (address.protocol() == QAbstractSocket::IPv4Protocol)
            return ofIpv4(address.toIPv4Address());
        const Q_IPV6ADDR bytes = address.toIPv6Address();
        return { qFromBigEndian<quint64>(bytes.c), qFromBigEndian<quint64>(bytes.c + 8) };
    }

    [[nodiscard]] constexpr bool isIpv4() const { return high == 0 && low >> 32 == 0xffff; }
    /// The 16-bit group at that index, 0 to 7.
    [[nodiscard]] constexpr quint32 group(int place) const
    {
        const quint64 half = place < 4 ? high : low;
        return static_cast<quint32>(half >> (48 - 16 * (place % 4)) & 0xffff);
    }

    friend constexpr bool operator==(const AddressBits &, const AddressBits &) = default;
};

/// A range of such addresses. An IPv4 range is 96 bits longer than in writing: "/24" is 120.
struct AddressBlock
{
    AddressBits first;
    int length = 128;

    [[nodiscard]] constexpr bool contains(const AddressBits &address) const
    {
        const quint64 high = length >= 64 ? ~quint64(0) : mask(length);
        const quint64 low = length <= 64 ? 0 : mask(length - 64);
        return ((address.high ^ first.high) & high) == 0 && ((address.low ^ first.low) & low) == 0;
    }
    [[nodiscard]] constexpr bool contains(const AddressBlock &other) const
    {
        return other.length >= length && contains(other.first);
    }

    friend constexpr bool operator==(const AddressBlock &, const AddressBlock &) = default;

private:
    /// The upper `bits` bits, 0 to 64.
    [[nodiscard]] static constexpr quint64 mask(int bits)
    {
        return bits == 0 ? 0 : ~quint64(0) << (64 - bits);
    }
};

} // namespace sami::policy
