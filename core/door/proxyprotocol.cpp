// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "door/proxyprotocol.h"

#include <QHostAddress>
#include <QtEndian>

#include <algorithm>
#include <array>
#include <optional>

namespace sami::door {

namespace {

using Fault = ProxyHeaderFault;

constexpr QByteArrayView lineStart("PROXY ");
constexpr QByteArrayView signature("\r\n\r\n\0\r\nQUIT\n", 12);

/// Whether one is a prefix of the other.
bool agree(QByteArrayView octets, QByteArrayView start)
{
    const qsizetype common = std::min(octets.size(), start.size());
    return octets.first(common) == start.first(common);
}

/// A client's address, with an IPv4-mapped one as IPv4. Empty for an address that nobody can
/// connect from: other units rely on that where they store addresses as bits.
std::optional<QHostAddress> clientAddress(const QHostAddress &address)
{
    const QHostAddress plain = unmapped(address);
    if (plain == QHostAddress(QHostAddress::AnyIPv4) || plain == QHostAddress(QHostAddress::AnyIPv6)
        || plain.isMulticast() || plain.isBroadcast())
        return std::nullopt;
    return plain;
}

// --- version 1 (§2.1) ---

std::optional<quint16> parsePort(QByteArrayView text)
{
    constexpr quint32 most = 65535;
    if (text.isEmpty() || text.size() > 5 || (text.size() > 1 && text.front() == '0'))
        return std::nullopt;
    quint32 port = 0;
    for (const char c : text) {
        if (c < '0' || c > '9')
            return std::nullopt;
        port = port * 10 + static_cast<quint32>(c - '0');
    }
    return port <= most ? std::optional(static_cast<quint16>(port)) : std::nullopt;
}

/// A literal of that family. QHostAddress would trim blanks and accept a zone.
std::optional<QHostAddress> parseAddress(QByteArrayView text, bool isIPv6)
{
    const bool isLiteral = std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')
            || c == ':' || c == '.';
    });
    if (!isLiteral || text.contains(':') != isIPv6)
        return std::nullopt;
    return Endpoint { text.toByteArray(), 0 }.literalAddress();
}

/// Takes the text up to the next space, and drops the space. The last field has to be the rest of
/// the line. Empty if the line has another shape.
std::optional<QByteArrayView> takeField(QByteArrayView &line, bool isLast)
{
    const qsizetype space = line.indexOf(' ');
    if (isLast != (space < 0) || space == 0 || line.isEmpty())
        return std::nullopt;
    const QByteArrayView field = space < 0 ? line : line.first(space);
    line = space < 0 ? QByteArrayView() : line.sliced(space + 1);
    return field;
}

/// Parses the line, which is without its CR LF.
ProxyHeaderProgress parseLine(QByteArrayView line, qsizetype size)
{
    QByteArrayView rest = line.sliced(lineStart.size());
    if (rest == "UNKNOWN" || rest.startsWith("UNKNOWN "))
        return ProxyHeader { ProxyHeader::Kind::Local, {}, size };
    const bool isIPv6 = rest.startsWith("TCP6 ");
    if (!isIPv6 && !rest.startsWith("TCP4 "))
        return Fault::UnsupportedProtocol;
    rest = rest.sliced(5);

    std::array<QByteArrayView, 4> fields; // both addresses, both ports; the client's come first
    for (QByteArrayView &field : fields) {
        const auto taken = takeField(rest, &field == &fields.back());
        if (!taken)
            return Fault::BadFields;
        field = *taken;
    }
    const auto source = parseAddress(fields[0], isIPv6);
    if (!source || !parseAddress(fields[1], isIPv6))
        return Fault::BadAddress;
    const auto client = clientAddress(*source);
    if (!client)
        return Fault::BadAddress;
    const auto port = parsePort(fields[2]);
    if (!port || !parsePort(fields[3]))
        return Fault::BadPort;
    return ProxyHeader { ProxyHeader::Kind::Proxied, { *client, *port }, size };
}

ProxyHeaderProgress readLine(QByteArrayView octets)
{
    const QByteArrayView seen = octets.first(std::min(octets.size(), longestProxyLine));
    const auto end =
        std::find_if(seen.begin(), seen.end(), [](char c) { return c == '\r' || c == '\n'; });
    const qsizetype length = end - seen.begin();
    if (length + 2 > longestProxyLine)
        return Fault::LineTooLong;
    if (end == seen.end())
        return ProxyHeaderIncomplete {};
    if (*end == '\n')
        return Fault::LineEnd;
    if (length + 1 == seen.size())
        return ProxyHeaderIncomplete {};
    return seen[length + 1] == '\n' ? parseLine(seen.first(length), length + 2)
                                    : ProxyHeaderProgress(Fault::LineEnd);
}

// --- version 2 (§2.2) ---

constexpr qsizetype fixedSize = 16; // signature, version and command, family, length

enum class Family : quint8 { Unspecified, IPv4, IPv6, Unix };

/// The size of both addresses and ports, in octets; empty for an unknown family.
std::optional<qsizetype> addressesSize(quint8 family)
{
    switch (static_cast<Family>(family)) {
    case Family::Unspecified:
        return 0;
    case Family::IPv4:
        return 12;
    case Family::IPv6:
        return 36;
    case Family::Unix:
        return 216;
    }
    return std::nullopt;
}

/// CRC-32C (RFC 3720 §B.4, Castagnoli's polynomial) of the header, with its own four octets taken
/// as zeros. Bit by bit: a header has a few hundred octets, and hardly any has a checksum.
quint32 checksum(QByteArrayView header, qsizetype ownOctets)
{
    constexpr quint32 polynomial = 0x82f63b78; // reflected
    quint32 sum = ~quint32(0);
    for (qsizetype i = 0; i < header.size(); ++i) {
        const bool isOwn = i >= ownOctets && i < ownOctets + 4;
        sum ^= isOwn ? 0 : static_cast<quint8>(header[i]);
        for (int bit = 0; bit < 8; ++bit)
            sum = (sum >> 1) ^ ((sum & 1) != 0 ? polynomial : 0);
    }
    return ~sum;
}

/// Walks the extensions from `begin` to the end of the header.
std::optional<Fault> checkExtensions(QByteArrayView header, qsizetype begin)
{
    constexpr char checksumType = 0x03;
    constexpr qsizetype startSize = 3; // type and length
    std::optional<qsizetype> sumAt;
    for (qsizetype at = begin; at < header.size();) {
        if (header.size() - at < startSize)
            return Fault::TlvCut;
        const qsizetype length = qFromBigEndian<quint16>(header.data() + at + 1);
        const qsizetype value = at + startSize;
        if (header.size() - value < length)
            return Fault::TlvCut;
        if (header[at] == checksumType) {
            if (length != 4 || sumAt)
                return Fault::BadTlv;
            sumAt = value;
        }
        at = value + length;
    }
    if (sumAt && qFromBigEndian<quint32>(header.data() + *sumAt) != checksum(header, *sumAt))
        return Fault::WrongChecksum;
    return std::nullopt;
}

/// The client's end: the first address and the first port.
std::optional<SocketAddress> clientOf(const char *addresses, bool isIPv6)
{
    QHostAddress address;
    if (isIPv6)
        address.setAddress(reinterpret_cast<const quint8 *>(addresses));
    else
        address.setAddress(qFromBigEndian<quint32>(addresses));
    const auto client = clientAddress(address);
    if (!client)
        return std::nullopt;
    return SocketAddress { *client,
                           qFromBigEndian<quint16>(addresses + (isIPv6 ? 2 * 16 : 2 * 4)) };
}

ProxyHeaderProgress readBinary(QByteArrayView octets)
{
    constexpr quint8 streamOverIPv4 = 0x11;
    constexpr quint8 streamOverIPv6 = 0x21;

    const qsizetype versionAt = signature.size();
    if (octets.size() <= versionAt)
        return ProxyHeaderIncomplete {};
    const auto versionAndCommand = static_cast<quint8>(octets[versionAt]);
    if (versionAndCommand >> 4 != 2)
        return Fault::UnknownVersion;
    const int command = versionAndCommand & 0xf;
    if (command > 1)
        return Fault::UnknownCommand;
    const bool isProxied = command == 1;

    if (octets.size() <= versionAt + 1)
        return ProxyHeaderIncomplete {};
    const auto family = static_cast<quint8>(octets[versionAt + 1]);
    const bool isIPv6 = family == streamOverIPv6;
    if (isProxied && !isIPv6 && family != streamOverIPv4)
        return Fault::UnsupportedFamily;

    if (octets.size() < fixedSize)
        return ProxyHeaderIncomplete {};
    const qsizetype size = fixedSize + qFromBigEndian<quint16>(octets.data() + fixedSize - 2);
    if (size > longestProxyHeader)
        return Fault::TooLong;
    const auto addresses = addressesSize(family >> 4);
    if (addresses && size < fixedSize + *addresses)
        return Fault::AddressesCut;
    if (octets.size() < size)
        return ProxyHeaderIncomplete {};

    const QByteArrayView header = octets.first(size);
    if (addresses) { // otherwise their end is unknown
        if (const auto fault = checkExtensions(header, fixedSize + *addresses))
            return *fault;
    }
    if (!isProxied)
        return ProxyHeader { ProxyHeader::Kind::Local, {}, size };
    const auto client = clientOf(header.data() + fixedSize, isIPv6);
    if (!client)
        return Fault::BadAddress;
    return ProxyHeader { ProxyHeader::Kind::Proxied, *client, size };
}

} // namespace

const char *toString(ProxyHeaderFault fault)
{
    switch (fault) {
    case Fault::NotAHeader:
        return "not_a_header";
    case Fault::LineTooLong:
        return "line_too_long";
    case Fault::LineEnd:
        return "line_end";
    case Fault::UnsupportedProtocol:
        return "unsupported_protocol";
    case Fault::BadFields:
        return "bad_fields";
    case Fault::BadAddress:
        return "bad_address";
    case Fault::BadPort:
        return "bad_port";
    case Fault::UnknownVersion:
        return "unknown_version";
    case Fault::UnknownCommand:
        return "unknown_command";
    case Fault::UnsupportedFamily:
        return "unsupported_family";
    case Fault::TooLong:
        return "too_long";
    case Fault::AddressesCut:
        return "addresses_cut";
    case Fault::TlvCut:
        return "tlv_cut";
    case Fault::BadTlv:
        return "bad_tlv";
    case Fault::WrongChecksum:
        return "wrong_checksum";
    }
    return "";
}

ProxyHeaderProgress readProxyHeader(QByteArrayView octets)
{
    if (octets.isEmpty())
        return ProxyHeaderIncomplete {};
    if (agree(octets, signature))
        return readBinary(octets);
    if (!agree(octets, lineStart))
        return Fault::NotAHeader;
    return octets.size() < lineStart.size() ? ProxyHeaderIncomplete {} : readLine(octets);
}

} // namespace sami::door
