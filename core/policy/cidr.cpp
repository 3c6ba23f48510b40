// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "policy/cidr.h"

#include "base/endpoint.h"

#include <QByteArray>

#include <algorithm>
#include <optional>

namespace sami::policy {

using namespace Qt::StringLiterals;

namespace {

constexpr int ipv4Bits = 32;
constexpr int ipv6Bits = 128;

bool isAddressChar(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':'
        || c == '.';
}

/// 1*3DIGIT; -1 for anything else.
int parseLength(QByteArrayView digits)
{
    if (digits.isEmpty() || digits.size() > 3)
        return -1;
    int value = 0;
    for (const char c : digits) {
        if (c < '0' || c > '9')
            return -1;
        value = value * 10 + (c - '0');
    }
    return value;
}

int bitsOf(const QHostAddress &address)
{
    return address.protocol() == QAbstractSocket::IPv4Protocol ? ipv4Bits : ipv6Bits;
}

/// The address with all bits after the prefix set to zero, and without its zone.
QHostAddress masked(const QHostAddress &address, int prefixLength)
{
    if (address.protocol() == QAbstractSocket::IPv4Protocol) {
        const quint32 mask = prefixLength == 0 ? 0 : ~quint32(0) << (ipv4Bits - prefixLength);
        return QHostAddress(address.toIPv4Address() & mask);
    }
    Q_IPV6ADDR bytes = address.toIPv6Address();
    for (int i = 0; i < 16; ++i) {
        const int keptBits = std::clamp(prefixLength - i * 8, 0, 8);
        bytes[i] = static_cast<quint8>(bytes[i] & (0xff00 >> keptBits));
    }
    return QHostAddress(bytes);
}

} // namespace

Result<Cidr, QString> Cidr::parse(QByteArrayView text)
{
    const auto fail = [](const QString &why) { return Unexpected<QString>(why); };
    if (text.isEmpty())
        return fail(u"an address or a range is missing"_s);

    const qsizetype slash = text.indexOf('/');
    const QByteArrayView address = slash < 0 ? text : text.first(slash);
    if (address.contains('%'))
        return fail(u"a zone (%…) has no meaning in a list; leave it out"_s);
    if (address.startsWith('['))
        return fail(u"write the address without brackets"_s);
    // QHostAddress would trim blanks, but a list entry must be exact.
    std::optional<QHostAddress> parsed;
    if (std::all_of(address.begin(), address.end(), isAddressChar))
        parsed = Endpoint { address.toByteArray(), 0 }.literalAddress();
    if (!parsed) {
        return fail(u"not an address (like 192.0.2.7 or 2001:db8::1) or a range "
                    "(like 192.0.2.0/24)"_s);
    }
    const bool isIpv4 = parsed->protocol() == QAbstractSocket::IPv4Protocol;
    if (isIpv4 && address.contains(':'))
        return fail(u"write an IPv4-mapped address as IPv4: %1"_s.arg(parsed->toString()));

    Cidr range;
    const int maxLength = bitsOf(*parsed);
    range.m_prefixLength = slash < 0 ? maxLength : parseLength(text.sliced(slash + 1));
    if (range.m_prefixLength < 0 || range.m_prefixLength > maxLength)
        return fail(u"the prefix length must be 0 to %1"_s.arg(maxLength));
    range.m_network = masked(*parsed, range.m_prefixLength);
    if (range.m_network != *parsed) {
        return fail(u"the address has bits set beyond the prefix; write %1 for the network or "
                    "%2 for the one address"_s.arg(QLatin1StringView(range.toByteArray()),
                                                   parsed->toString()));
    }
    return range;
}

Cidr Cidr::host(const QHostAddress &address)
{
    return around(address, bitsOf(unmapped(address)));
}

Cidr Cidr::around(const QHostAddress &address, int prefixLength)
{
    const QHostAddress plain = unmapped(address);
    Cidr range;
    if (plain.isNull() || prefixLength < 0 || prefixLength > bitsOf(plain))
        return range;
    range.m_prefixLength = prefixLength;
    range.m_network = masked(plain, prefixLength);
    return range;
}

bool Cidr::contains(const QHostAddress &address) const
{
    const QHostAddress plain = unmapped(address);
    if (m_network.isNull() || plain.protocol() != m_network.protocol())
        return false;
    return masked(plain, m_prefixLength) == m_network;
}

QByteArray Cidr::toByteArray() const
{
    QByteArray text = m_network.toString().toLatin1();
    if (m_prefixLength != bitsOf(m_network))
        text += '/' + QByteArray::number(m_prefixLength);
    return text;
}

} // namespace sami::policy
