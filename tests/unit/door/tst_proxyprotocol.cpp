// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "door/proxyprotocol.h"

#include <QTest>

#include <vector>

using namespace sami::door;
using namespace Qt::StringLiterals;

namespace {

const QByteArray signature = "\r\n\r\n\0\r\nQUIT\n"_ba;
const QByteArray behind = "GET / HTTP/1.1\r\n"_ba;

/// A version 2 header whose length field is that of `rest`, or the given one.
QByteArray binary(char versionAndCommand, char family, const QByteArray &rest, int length = -1)
{
    const int said = length < 0 ? int(rest.size()) : length;
    return signature + versionAndCommand + family + char(said >> 8) + char(said & 0xff) + rest;
}

/// 192.0.2.7:443 to 198.51.100.1:8080
const QByteArray ipv4 = "\xc0\x00\x02\x07\xc6\x33\x64\x01\x01\xbb\x1f\x90"_ba;
/// [2001:db8::7]:443 to [2001:db8::1]:8080
const QByteArray ipv6 = QByteArray::fromHex("20010db8000000000000000000000007"
                                            "20010db800000000000000000000000101bb1f90");
/// [::ffff:192.0.2.7]:443 to the like
const QByteArray mapped = QByteArray::fromHex("00000000000000000000ffffc0000207"
                                              "00000000000000000000ffffc633640101bb1f90");

QByteArray tlv(char type, const QByteArray &value)
{
    return type + QByteArray(1, char(value.size() >> 8)) + char(value.size() & 0xff) + value;
}

/// "192.0.2.7:443", "local", "more", or the fault's code.
QByteArray said(const ProxyHeaderProgress &progress)
{
    if (const auto *fault = std::get_if<ProxyHeaderFault>(&progress))
        return toString(*fault);
    const auto *header = std::get_if<ProxyHeader>(&progress);
    if (!header)
        return "more";
    return header->kind == ProxyHeader::Kind::Local ? "local"_ba : header->client.toByteArray();
}

/// Reads from an allocation of the exact size, so that a sanitizer catches a read past the end.
ProxyHeaderProgress read(QByteArrayView octets)
{
    const std::vector<char> exact(octets.begin(), octets.end());
    return readProxyHeader({ exact.data(), qsizetype(exact.size()) });
}

} // namespace

class TstProxyProtocol : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aHeader_data();
    void aHeader();
    void aFault_data();
    void aFault();
    void aLineOf107OctetsIsTheLongest();
    void aHeaderOf536OctetsIsTheLongest();
    void theChecksumIsVerified_data();
    void theChecksumIsVerified();
};

void TstProxyProtocol::aHeader_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char *name, const QByteArray &header, const QByteArray &expected) {
        QTest::newRow(name) << header << expected;
    };
    row("B§13: version 1 over IPv4", "PROXY TCP4 192.0.2.7 198.51.100.1 443 8080\r\n",
        "192.0.2.7:443");
    row("B§13: version 1 over IPv6", "PROXY TCP6 2001:db8::7 2001:DB8::1 443 8080\r\n",
        "[2001:db8::7]:443");
    row("B§13: version 1, an IPv4-mapped client is IPv4",
        "PROXY TCP6 ::ffff:192.0.2.7 ::ffff:198.51.100.1 443 8080\r\n", "192.0.2.7:443");
    row("B§13: version 1, the ends of the ports' range",
        "PROXY TCP4 192.0.2.7 198.51.100.1 0 65535\r\n", "192.0.2.7:0");
    row("B§13: version 1, loopback is an address like others",
        "PROXY TCP4 127.0.0.1 127.0.0.1 1 2\r\n", "127.0.0.1:1");
    row("B§13: version 1 of an unknown client is local", "PROXY UNKNOWN\r\n", "local");
    row("B§13: version 1, what follows UNKNOWN counts for nothing",
        "PROXY UNKNOWN ffff::1 anything\t65536\r\n", "local");
    row("B§13: version 2 over IPv4", binary(0x21, 0x11, ipv4), "192.0.2.7:443");
    row("B§13: version 2 over IPv6", binary(0x21, 0x21, ipv6), "[2001:db8::7]:443");
    row("B§13: version 2, an IPv4-mapped client is IPv4", binary(0x21, 0x21, mapped),
        "192.0.2.7:443");
    row("B§13: version 2, extensions are skipped",
        binary(0x21, 0x11, ipv4 + tlv(0x01, "h2") + tlv(0x04, {}) + tlv('\xea', "x"_ba)),
        "192.0.2.7:443");
    row("B§13: version 2, LOCAL of nothing", binary(0x20, 0x00, {}), "local");
    row("B§13: version 2, LOCAL with extensions", binary(0x20, 0x00, tlv(0x04, "padding")),
        "local");
    row("B§13: version 2, the addresses of LOCAL count for nothing", binary(0x20, 0x11, ipv4),
        "local");
    row("B§13: version 2, LOCAL of a Unix socket", binary(0x20, 0x31, QByteArray(216, 'u')),
        "local");
    row("B§13: version 2, LOCAL of a family that nobody knows", binary(0x20, 0x77, "whatever"),
        "local");
}

/// Whole, followed by a request, and byte by byte; nothing after it is consumed.
void TstProxyProtocol::aHeader()
{
    QFETCH(QByteArray, header);
    QFETCH(QByteArray, expected);
    for (const QByteArray &octets : { header, header + behind, header + header }) {
        const ProxyHeaderProgress progress = read(octets);
        QCOMPARE(said(progress), expected);
        QCOMPARE(std::get<ProxyHeader>(progress).size, header.size());
    }
    for (qsizetype size = 0; size < header.size(); ++size)
        QCOMPARE(said(read(header.first(size))), "more"_ba);
}

void TstProxyProtocol::aFault_data()
{
    QTest::addColumn<QByteArray>("octets");
    QTest::addColumn<QByteArray>("fault");
    QTest::addColumn<int>("seenAfter"); // octets; -1: with the last
    const auto row = [](const char *name, const QByteArray &octets, const char *fault,
                        int seenAfter = -1) {
        QTest::newRow(name) << octets << QByteArray(fault) << seenAfter;
    };
    row("B§13: a request is no header", "GET / HTTP/1.1\r\n", "not_a_header", 1);
    row("B§13: nor is one of a method that begins alike", "PUT / HTTP/1.1\r\n", "not_a_header", 2);
    row("B§13: nor is TLS", "\x16\x03\x01"_ba, "not_a_header", 1);
    row("B§13: nor are empty lines and a request", "\r\n\r\nGET /", "not_a_header", 5);
    row("B§13: the word is in capitals", "proxy TCP4", "not_a_header", 1);
    row("B§13: version 1 of another protocol", "PROXY UDP4 1.2.3.4 1.2.3.4 1 2\r\n",
        "unsupported_protocol");
    row("B§13: version 1 of a word that only begins alike", "PROXY UNKNOWNS\r\n",
        "unsupported_protocol");
    row("B§13: version 1 of no protocol", "PROXY \r\n", "unsupported_protocol");
    row("B§13: version 1 without addresses", "PROXY TCP4 \r\n", "bad_fields");
    row("B§13: version 1 with a field too few", "PROXY TCP4 1.2.3.4 1.2.3.4 1\r\n", "bad_fields");
    row("B§13: version 1 with a field too many", "PROXY TCP4 1.2.3.4 1.2.3.4 1 2 3\r\n",
        "bad_fields");
    row("B§13: version 1 with two spaces", "PROXY TCP4 1.2.3.4  1.2.3.4 1 2\r\n", "bad_fields");
    row("B§13: version 1 with a space at the end", "PROXY TCP4 1.2.3.4 1.2.3.4 1 2 \r\n",
        "bad_fields");
    row("B§13: version 1 with a tab for a space", "PROXY TCP4 1.2.3.4\t1.2.3.4 1 2\r\n",
        "bad_fields");
    row("B§13: version 1, IPv6 where IPv4 is named", "PROXY TCP4 ::1 ::1 1 2\r\n", "bad_address");
    row("B§13: version 1, IPv4 where IPv6 is named", "PROXY TCP6 1.2.3.4 1.2.3.4 1 2\r\n",
        "bad_address");
    row("B§13: version 1, an octet with a leading zero", "PROXY TCP4 1.2.3.04 1.2.3.4 1 2\r\n",
        "bad_address");
    row("B§13: version 1, an address of three octets", "PROXY TCP4 1.2.3 1.2.3.4 1 2\r\n",
        "bad_address");
    row("B§13: version 1, a hexadecimal address", "PROXY TCP4 0x7f000001 1.2.3.4 1 2\r\n",
        "bad_address");
    row("B§13: version 1, an address with a zone", "PROXY TCP6 fe80::1%eth0 ::1 1 2\r\n",
        "bad_address");
    row("B§13: version 1, the other address counts too", "PROXY TCP4 1.2.3.4 1.2.3.256 1 2\r\n",
        "bad_address");
    row("B§13: version 1, nobody comes from 0.0.0.0", "PROXY TCP4 0.0.0.0 1.2.3.4 1 2\r\n",
        "bad_address");
    row("B§13: version 1, nobody comes from 255.255.255.255",
        "PROXY TCP4 255.255.255.255 1.2.3.4 1 2\r\n", "bad_address");
    row("B§13: version 1, nobody comes from a group's address", "PROXY TCP6 ffff:: ::1 1 2\r\n",
        "bad_address");
    row("B§13: version 1, a port over 65535", "PROXY TCP4 1.2.3.4 1.2.3.4 65536 2\r\n", "bad_port");
    row("B§13: version 1, a port with a leading zero", "PROXY TCP4 1.2.3.4 1.2.3.4 01 2\r\n",
        "bad_port");
    row("B§13: version 1, a port with a sign", "PROXY TCP4 1.2.3.4 1.2.3.4 +1 2\r\n", "bad_port");
    row("B§13: version 1, the other port counts too", "PROXY TCP4 1.2.3.4 1.2.3.4 1 x\r\n",
        "bad_port");
    row("B§13: version 1, LF alone", "PROXY TCP4 1.2.3.4 1.2.3.4 1 2\n", "line_end");
    row("B§13: version 1, CR alone", "PROXY UNKNOWN\rX", "line_end");
    row("B§13: version 1 that does not end", "PROXY UNKNOWN " + QByteArray(200, 'x'),
        "line_too_long", 106);
    row("B§13: version 3 of the binary form", binary(0x31, 0x11, ipv4), "unknown_version", 13);
    row("B§13: version 2 with an unknown command", binary(0x22, 0x11, ipv4), "unknown_command", 13);
    row("B§13: version 2 of UDP", binary(0x21, 0x12, ipv4), "unsupported_family", 14);
    row("B§13: version 2 of UDP over IPv6", binary(0x21, 0x22, ipv6), "unsupported_family", 14);
    row("B§13: version 2 of a Unix socket", binary(0x21, 0x31, QByteArray(216, 'u')),
        "unsupported_family", 14);
    row("B§13: version 2, PROXY of nothing", binary(0x21, 0x00, {}), "unsupported_family", 14);
    row("B§13: version 2, a length of 65535", binary(0x21, 0x11, ipv4, 65535), "too_long", 16);
    row("B§13: version 2, a length amid the addresses", binary(0x21, 0x11, ipv4, 11),
        "addresses_cut", 16);
    row("B§13: version 2, a length of IPv4 for IPv6", binary(0x21, 0x21, ipv6, 12), "addresses_cut",
        16);
    row("B§13: version 2, LOCAL with a length amid its addresses", binary(0x20, 0x11, ipv4, 4),
        "addresses_cut", 16);
    row("B§13: version 2, an extension beyond the length",
        binary(0x21, 0x11, ipv4 + "\x04\x00\x05"_ba + "xxxx"), "tlv_cut");
    row("B§13: version 2, an extension amid its length", binary(0x21, 0x11, ipv4 + "\x04\x00"_ba),
        "tlv_cut");
    row("B§13: version 2, LOCAL with an extension beyond the length",
        binary(0x20, 0x00, "\x04\x00\x01"_ba), "tlv_cut");
    row("B§13: version 2, a checksum of three octets", binary(0x21, 0x11, ipv4 + tlv(0x03, "abc")),
        "bad_tlv");
    row("B§13: version 2, a checksum that is wrong",
        binary(0x21, 0x11, ipv4 + tlv(0x03, QByteArray(4, '\0'))), "wrong_checksum");
    row("B§13: version 2, nobody comes from 0.0.0.0",
        binary(0x21, 0x11, QByteArray(4, '\0') + ipv4.sliced(4)), "bad_address");
    row("B§13: version 2, nobody comes from a group's address",
        binary(0x21, 0x21, QByteArray(16, '\xff') + ipv6.sliced(16)), "bad_address");
}

/// Byte by byte, it is reported as soon as it is known, and no further byte changes it.
void TstProxyProtocol::aFault()
{
    QFETCH(QByteArray, octets);
    QFETCH(QByteArray, fault);
    QFETCH(int, seenAfter);
    const qsizetype known = seenAfter < 0 ? octets.size() : seenAfter;
    for (qsizetype size = 0; size <= octets.size(); ++size)
        QCOMPARE(said(read(octets.first(size))), size < known ? "more"_ba : fault);
    QCOMPARE(said(read(octets + behind)), fault);
}

void TstProxyProtocol::aLineOf107OctetsIsTheLongest()
{
    const QByteArray start = "PROXY UNKNOWN "_ba;
    const QByteArray longest =
        start + QByteArray(longestProxyLine - 2 - start.size(), 'x') + "\r\n";
    QCOMPARE(longest.size(), longestProxyLine);
    QCOMPARE(said(read(longest)), "local"_ba);
    QCOMPARE(said(read(start + 'x' + longest.sliced(start.size()))), "line_too_long"_ba);
}

void TstProxyProtocol::aHeaderOf536OctetsIsTheLongest()
{
    const qsizetype room = longestProxyHeader - 16 - ipv4.size() - 3;
    const QByteArray longest = binary(0x21, 0x11, ipv4 + tlv(0x04, QByteArray(room, '\0')));
    QCOMPARE(longest.size(), longestProxyHeader);
    QCOMPARE(said(read(longest)), "192.0.2.7:443"_ba);
    QCOMPARE(said(read(binary(0x21, 0x11, ipv4 + tlv(0x04, QByteArray(room + 1, '\0'))))),
             "too_long"_ba);
}

void TstProxyProtocol::theChecksumIsVerified_data()
{
    QTest::addColumn<QByteArray>("header");
    // Checksums from another program's CRC-32C.
    QTest::newRow("B§13: over IPv4")
        << binary(0x21, 0x11, ipv4 + tlv(0x03, QByteArray::fromHex("4e682cd4")));
    QTest::newRow("B§13: amid other extensions") << binary(
        0x21, 0x21,
        ipv6 + tlv(0x01, "h2") + tlv(0x03, QByteArray::fromHex("4f44506c")) + tlv(0x04, "padding"));
    QTest::newRow("B§13: of LOCAL")
        << binary(0x20, 0x00, tlv(0x03, QByteArray::fromHex("a9b87e8f")));
}

/// It is correct, and no byte of the header may change except the one that says that it exists.
void TstProxyProtocol::theChecksumIsVerified()
{
    QFETCH(QByteArray, header);
    QVERIFY(std::holds_alternative<ProxyHeader>(read(header)));
    const qsizetype type = header.indexOf("\x03\x00\x04"_ba);
    for (qsizetype i = 0; i < header.size(); ++i) {
        if (i == type)
            continue;
        QByteArray changed = header;
        changed[i] = char(changed[i] ^ 1);
        QVERIFY2(!std::holds_alternative<ProxyHeader>(read(changed)),
                 QByteArray::number(i).constData());
    }
}

QTEST_APPLESS_MAIN(TstProxyProtocol)
#include "tst_proxyprotocol.moc"
